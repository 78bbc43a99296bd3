"""Ledger 台账: what was done, by whom, when; append-only; chained, positioned, sealed.

Entry 记载 · Link 链节 · Position 位次 · Tree head 树头 · Feed 订阅 · Counter 计数 · Lease 租约.
Lower than every app that records; it knows the kernel only.
"""
