"""Seals 印章: the register of seals, requests to seal a paper, and each use of a seal.

Seal 印章 · SealRequest 用印申请 · SealUse 用印记录 · Handover 交接. It knows nothing of cases and
nothing of what a paper says: it is handed a number, a digest and a PDF. For papers and above.
"""
