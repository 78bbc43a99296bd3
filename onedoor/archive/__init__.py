"""Archive 电子档案: a closed case as one package, verified offline, kept and disposed of.

File 档案 · Retention 保管期限 · Hold 暂缓销毁 · Disposal 销毁. For wiring, the portal, the command
line.
"""
