"""Feedback 好差评: what people say of a finished case, and the road of every bad rating.

Rating 评价 · Order 差评工单. Silence is never praise: who did not rate is counted as such. For the
portal and whatever is above.
"""
