"""Reports and disclosure 报告与信息公开: official reports from files and from live data.

Report 报告 · Reading 识读 (a draft read from a text) · Task 任务 · Publication 公开 ·
IndexNumber 索引号. A report is kept as structure; its text is made from it.
"""
