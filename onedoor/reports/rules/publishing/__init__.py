"""Making information public (政府信息公开): its steps, its clock, what must not be in it. Pure."""
