"""Calendar (工作日历): which days count, and by which notice.

Words: notice 放假安排通知, off day 放假, make-up working day 调休上班, working day 工作日,
provisional 暂定 (the year's notice is not out yet). Everyone above may ask; nobody above is known.
"""
