"""Rectification 审计整改: what an audit found, who puts it right by when, and who verified it.

Finding 问题 · Measure 措施 · Evidence 佐证 · Outcome 认定结果 · Closing 销号 · Recheck 回头看 ·
UpwardMatter 上级事权 · Supervision 督办. What a unit claims and what was verified are two fields,
never mixed. Other apps open findings here and read them through ``queries``.
"""
