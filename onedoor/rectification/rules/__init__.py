"""The rules of rectification: tables and sums, without database and clock."""
