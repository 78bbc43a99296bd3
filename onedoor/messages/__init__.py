"""What we tell people by text message, by e-mail and in their own space: written down first, sent
by the worker, seen by the office.

Message 消息 · Channel 消息通道 · Topic 短信内容 · Gateway 短信通道 · Quiet hours 免打扰时段.
"""
