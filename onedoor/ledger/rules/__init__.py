"""The ledger's arithmetic: standard library only, to be handed to an auditor as it is."""
