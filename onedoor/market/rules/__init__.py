"""What a lawyer or an auditor reads of the market."""
