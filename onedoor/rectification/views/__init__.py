"""Pages of rectification: the ledger, a finding, what may be done about it, the inbox."""
