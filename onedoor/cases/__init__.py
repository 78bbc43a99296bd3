"""Cases 办件: an application, from receipt at the window to the paper in the citizen's hand.

Case 办件 · Receipt 收件 · Acceptance 受理 · Correction 补正 · Decision 决定 · Delivery 送达 ·
Light 监察灯 · Pause 暂停计时. For portal, hall, feedback, market and whatever is above.
"""
