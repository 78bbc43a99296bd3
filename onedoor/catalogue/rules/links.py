"""The probe of online addresses (网办探测): where it may go, what an answer means, when it runs.

Basis: 国务院令第716号 (承诺网办的要真能办): bad-review indicators 211 and 112.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from onedoor.kernel.clock import local
from onedoor.kernel.terms import Term

PAUSE = timedelta(seconds=10)
"""Between two requests to one host: a probe is no load."""
AGAIN_AFTER = timedelta(minutes=20)
TRIES = 3
"""What fails at night is tried again twice before it counts."""
FROM_HOUR, TO_HOUR = 0, 6
"""The hours of the night, in the hall's time, in which addresses are probed."""
KEPT_DAYS = 90
_PORTS = {"http": 80, "https": 443}
_NAT64 = ip_network("64:ff9b::/96")


class Answer(Term):
    """How an address answered the probe (探测结果)."""

    ANSWERS = "answers", "打得开"
    DOUBTFUL = "doubtful", "不让程序看，请人核对"
    BROKEN = "broken", "网站报错"
    SILENT = "silent", "没有回应"
    UNFIT = "unfit", "地址不能用"


FAILING = frozenset({Answer.BROKEN, Answer.SILENT, Answer.UNFIT})
"""Of these a citizen cannot apply."""
_SHUT_TO_PROGRAMS = frozenset({401, 403, 405, 406, 412, 418, 429})


class Reply(NamedTuple):
    """An answer and the HTTP status it came with; 0 where there was none."""

    answer: Answer
    status: int = 0


class Address(NamedTuple):
    """A web address taken apart, ready to be asked."""

    scheme: str
    host: str
    port: int
    target: str


def reply_of(status: int) -> Reply:
    """Return what a status means for who wants to apply.

    >>> [reply_of(status).answer.value for status in (200, 403, 404, 503)]
    ['answers', 'doubtful', 'broken', 'broken']
    """
    if 200 <= status < 400:
        return Reply(Answer.ANSWERS, status)
    return Reply(Answer.DOUBTFUL if status in _SHUT_TO_PROGRAMS else Answer.BROKEN, status)


def take_apart(text: str) -> Address | None:
    """Return the parts of an address of the web, or nothing where it is none.

    >>> take_apart("https://zwfw.example.gov.cn/办事?id=1").target
    '/%E5%8A%9E%E4%BA%8B?id=1'
    >>> [take_apart(t) for t in ("ftp://a.cn/", "http://u:p@a.cn/", "http://a.cn:22/", "见公告")]
    [None, None, None, None]
    """
    text = text.strip()
    if re.search(r"[\x00-\x20\x7f]", text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return None
    if port not in _PORTS.values() and port < 1024:
        return None
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return Address(parts.scheme, host, port, target + (f"?{query}" if query else ""))


def is_public(ip: str) -> bool:
    """Say whether an address of the network is anybody's: no neighbour of ours is ever asked.

    >>> [is_public(ip) for ip in ("93.184.215.14", "10.0.0.1", "127.0.0.1", "::ffff:10.0.0.1")]
    [True, False, False, False]
    >>> [is_public(ip) for ip in ("169.254.169.254", "224.0.0.1", "64:ff9b::a00:1", "2002:a00:1::")]
    [False, False, False, False]
    """
    found = ip_address(ip.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or found in _NAT64:
            return False
    return found.is_global and not found.is_multicast


def is_night(at: datetime) -> bool:
    """Say whether addresses are probed at this hour.

    >>> from onedoor.kernel.clock import at_local
    >>> from datetime import date
    >>> [is_night(at_local(date(2026, 3, 5), hour)) for hour in (0, 5, 6, 12)]
    [True, True, False, False]
    """
    return FROM_HOUR <= local(at).hour < TO_HOUR
