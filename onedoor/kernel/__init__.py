"""Kernel: words without a database.

Refusals, terms, the clock, money, masking, field encryption, national codes, and the one
place where a refusal becomes a page or a problem document. No models; everyone may import it.
"""
