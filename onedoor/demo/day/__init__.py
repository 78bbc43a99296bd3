"""A day of the hall, played through HTTP: who comes, who serves them, and what must hold."""
