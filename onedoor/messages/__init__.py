"""What we tell people by text message: written down first, sent by the worker, seen by the office.

Message 短信 · Topic 短信内容 · Gateway 短信通道 · Quiet hours 免打扰时段.
"""
