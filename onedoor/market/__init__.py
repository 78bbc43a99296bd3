"""Market 中介超市: what is bought from intermediaries in the open, with draws anyone can verify.

Draw 抽签 · Record 抽签记录 · Freeze 名单冻结 · Commitment 封存承诺. ``rules/draw.py`` is whole by
itself: hand that one file to an auditor. For the portal and whatever is above.
"""
