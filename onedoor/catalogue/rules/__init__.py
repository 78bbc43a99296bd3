"""What can be checked about an item without a database: its words, limits, file and gates."""
