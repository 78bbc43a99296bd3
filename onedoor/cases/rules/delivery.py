"""Who may receive a paper for an applicant, and what has to be known of them (送达).

Basis: 行政许可法 44; for what comes by post 民事诉讼法 88.
"""

from __future__ import annotations

from onedoor.kernel.terms import Term


class Relation(Term):
    """What whoever takes the paper is to the applicant (与申请人关系)."""

    SELF = "self", "本人"
    REPRESENTATIVE = "representative", "法定代表人（负责人）"
    AGENT = "agent", "办件登记的代办人"
    ENTRUSTED = "entrusted", "受托代领人"
    HOUSEHOLD = "household", "同住成年家属"
    RECEPTION = "reception", "单位收件人员"


AT_WINDOW = (Relation.SELF, Relation.REPRESENTATIVE, Relation.AGENT, Relation.ENTRUSTED)
"""Who comes to the window; all but the applicant show an identity document and an authority."""

BY_POST = (
    Relation.SELF,
    Relation.REPRESENTATIVE,
    Relation.AGENT,
    Relation.HOUSEHOLD,
    Relation.RECEPTION,
)
"""Who may sign a carrier's receipt; of them it says a name, nobody saw a document."""
