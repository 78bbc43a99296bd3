"""Index numbers (索引号): per publisher and year, none ever given twice."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.models import Organisation
from onedoor.kernel.clock import day_of
from onedoor.kernel.codes import credit_code
from onedoor.kernel.errors import NotValid
from onedoor.ledger import numbers
from onedoor.reports import pack
from onedoor.reports.models import Publication, Report


def next_index_number(publisher: Organisation, *, at: datetime) -> str:
    """Return the next number of a publisher's year, inside the service's own transaction.

    Numbers that came with imported reports of the publisher count as given. A step rolled back
    may leave a gap; no number is ever given again.
    """
    front = front_of(publisher)
    year = day_of(at).year
    begin = f"{front}/{year}-"

    def highest() -> int:
        rows = (Publication.objects.all(), Report.objects.all())
        told = [
            str(number).removeprefix(begin)
            for each in rows
            for number in each.filter(index_number__startswith=begin).values_list(
                "index_number", flat=True
            )
        ]
        return max((int(serial) for serial in told if serial.isdecimal()), default=0)

    # One at a time: the counter's row is held until the publication is there or is not. Each
    # publisher is a series of its own, whose part is the year, as its mark on the disk needs it.
    serial = numbers.take_within(f"index-{front}:{year}", highest_used=highest, block=1)
    return f"{begin}{serial:05d}"


def front_of(publisher: Organisation) -> str:
    """Return the code index numbers of a publisher begin with, or refuse.

    Basis: 政府信息公开目录系统实施指引: nine characters; newer sites take the credit code.
    """
    try:
        code = credit_code.parse(publisher.code)
    except NotValid:
        if credit_code.is_organisation_code(publisher.code):
            return publisher.code
    else:
        return code.organisation if pack.rules().is_front_short else code.value
    raise NotValid(
        "information.publisher_code",
        "%(unit)s没有统一社会信用代码，编不出索引号。请找系统管理员补上。",
        field="publisher",
        unit=publisher.name,
    )
