"""Papers taken in for other places (异地代收), one in each state; one lies too long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from onedoor.accounts.rules import Actor, Role
from onedoor.cases.inputs import ApplicantData
from onedoor.cases.models import RemoteIntake
from onedoor.cases.rules.remote import RemoteOutcome, RemotePaper
from onedoor.cases.rules.words import ApplicantKind, IdType
from onedoor.cases.services import remote as taking
from onedoor.cases.services.remote import RemoteData
from onedoor.kernel.clock import day_of

DAY = timedelta(days=1)
WHO = ApplicantData(
    ApplicantKind.PERSON, "普秀英示例", IdType.CITIZEN_ID, "532502195304120000", "13800000001"
)
TOLD = (
    (28, 5, RemoteData("异地就医备案（演示）", "示例市医疗保障局", "示例市演示路1号")),
    (20, 4, RemoteData("残疾人证换领（演示）", "样例县残疾人联合会", "样例县演示街2号")),
    (12, 3, RemoteData("失业登记（演示）", "示例区人力资源和社会保障局", "示例区演示路3号")),
    (6, 2, RemoteData("户籍证明开具（演示）", "样例市公安局演示派出所", "样例市演示巷4号")),
    (5, 1, RemoteData("公积金异地转移（演示）", "示例市住房公积金中心", "示例市演示路5号")),
    (0, 0, RemoteData("养老保险转移（演示）", "样例市社会保险中心", "样例市演示路6号")),
)
"""How many days ago, how many steps it went, and what for."""


def play(actors: Iterable[Actor], *, at: datetime) -> None:
    """Take some in and bring each as far as it went; once in a county."""
    desks = [each for each in actors if each.holds_any(Role.DESK) and each.person_id]
    if RemoteIntake.objects.exists() or len(desks) < 2:
        return
    first, second = desks[:2]
    for number, (ago, steps, told) in enumerate(TOLD):
        began = at - ago * DAY - timedelta(hours=2)
        made = taking.take_remote(
            told,
            applicant=WHO,
            materials=[RemotePaper("申请表"), RemotePaper("身份证", 0, 1)],
            identity_checked=True,
            by=first,
            at=began,
        )
        _go_on(made, steps, number, (first, second), began)


def _go_on(
    found: RemoteIntake, steps: int, number: int, by: tuple[Actor, Actor], began: datetime
) -> None:
    first, second = by
    later, back = began + timedelta(hours=1), began + 5 * DAY
    if steps > 0:
        found = taking.pack(found, checked=True, by=first, at=later)
    if steps > 1:
        way = {"carrier": "EMS", "waybill": f"EM{20260000 + number}CN"}
        found = taking.send(found, checked=True, **way, by=second, at=later)
    if steps > 2:
        found = taking.note_acceptance(
            found,
            home_number=f"演示{number}",
            accepted_on=day_of(began + 3 * DAY),
            by=first,
            at=back,
        )
    if steps > 3:
        found = taking.note_result(
            found,
            outcome=RemoteOutcome.GRANTED,
            ended_on=day_of(back),
            carrier="EMS",
            waybill=f"EM{20270000 + number}CN",
            by=first,
            at=back,
        )
    if steps > 4:
        taking.hand_over_remote(found, identity_checked=True, by=second, at=back + DAY)
