"""What is made public of a decision, when, and what is not: no database, no clock."""
