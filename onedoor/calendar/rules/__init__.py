"""What a working day is. Pure: no Django, no database, no files."""
