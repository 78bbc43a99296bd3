"""Pages of a case: the window, the approver, the public."""
