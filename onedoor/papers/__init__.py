"""Papers 文书: every official paper, numbered, made from a fixed record, and verified by anybody.

Paper 文书 · Kind 文书种类 · Contents 内容要素 · Template 模板 · number 文号 · code 验证码. It knows
nothing of cases: whoever decides hands over what the paper says. For catalogue, cases and above.
"""
