"""The portal 门户: the public's front door, and the look of every page.

Centre 中心 · Door 入口 · Preferences 显示设置 (字号 size · 长辈版 elder mode · 高对比 contrast).
Nothing below imports it; pages of other apps extend its ``base.html`` and use its components.
"""
