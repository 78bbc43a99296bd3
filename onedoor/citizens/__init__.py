"""People with an account of their own (办事人账户): who they are, and how that is known."""
