"""Disclosure 双公示: every licence that was granted is made public in time, or withheld by two.

Publication 公示 · Withholding 不予公开. For wiring, the portal, and whatever is above.
"""
