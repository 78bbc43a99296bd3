"""What make calls: the environment, the test databases, the translations, the handbook."""
