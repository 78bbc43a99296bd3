"""Accounts 用户与机构: who may do what, where, from when to when.

Organisation 机构 · Person 人员 · Post 岗位 · Role 角色 · Delegation 委托 · Token 接口令牌.
Everyone above may import it; it knows only the ledger, the calendar and the kernel.
"""
