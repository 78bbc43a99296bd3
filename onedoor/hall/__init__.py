"""The hall 办事大厅: windows, tickets, who is called next, and what the boards show of it.

Window 窗口 · Group 业务组 · Ticket 排队号 · Priority 优先类别. The system, not the clerk, chooses
who is next; whoever overrides it says why. For the portal and whatever is above.
"""
