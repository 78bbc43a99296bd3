"""How an item is found by whatever words people use: as tables and pure functions."""
