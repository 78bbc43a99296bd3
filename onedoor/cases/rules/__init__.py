"""What a lawyer reads: the process as a table, limits and clocks. Pure."""
