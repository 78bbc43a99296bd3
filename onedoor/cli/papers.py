"""``onedoor paper export``, ``reissue``, ``seals`` and ``reconcile``, ``onedoor verify paper``."""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import date, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onedoor.accounts.queries import actor_named
from onedoor.cases import reconciling
from onedoor.cli.saying import say
from onedoor.files.services import opened
from onedoor.kernel import clock
from onedoor.kernel.errors import NotFound, Refusal
from onedoor.kernel.sentences import sentence
from onedoor.papers import reissuing
from onedoor.seals import queries as seals
from onedoor.seals.rules.words import SealKind

if TYPE_CHECKING:
    from onedoor.seals.backends.checking import Finding  # pyHanko

LARGEST = 50 * 1024 * 1024


def register(commands: Any) -> None:
    """Add the commands to the command line."""
    paper = commands.add_parser("paper", help="official papers: out as files, and reconciled")
    kinds = paper.add_subparsers(metavar="WHAT", required=True)
    out = kinds.add_parser("export", help="write sealed papers into a folder")
    out.add_argument("--sealed", action="store_true", required=True, help="those that are sealed")
    out.add_argument("--limit", type=_count, default=100, metavar="N", help="the latest N (100)")
    out.add_argument("--to", required=True, metavar="DIR")
    out.set_defaults(run=run_export)
    told = kinds.add_parser("seals", help="write the list of seals, to verify papers against")
    told.add_argument("--to", required=True, metavar="FILE")
    told.set_defaults(run=run_seals)
    again = kinds.add_parser("reissue", help="seal what units under the seal issued before it")
    again.add_argument("--by", required=True, metavar="KEEPER", help="who seals them")
    again.add_argument("--limit", type=_count, metavar="N", help="the oldest N (all)")
    again.set_defaults(run=run_reissue)
    reconcile = kinds.add_parser("reconcile", help="decisions = papers = uses of the seal?")
    reconcile.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY")
    reconcile.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY")
    reconcile.set_defaults(run=run_reconcile)


def register_verify(kinds: Any) -> None:
    """Add ``verify paper`` to the commands that need no database."""
    check = kinds.add_parser("paper", help="a sealed PDF: whole, and by which seal")
    check.add_argument("file")
    check.add_argument("--seals", metavar="LIST", help="the office's list of seals")
    check.add_argument(
        "--beside", metavar="P7S", help="the SM2 signature beside it (FILE.p7s where it is there)"
    )
    check.set_defaults(run=run_verify)


def _count(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= 100_000:
        return int(text)
    raise argparse.ArgumentTypeError("请写 1 到 100000 的整数。")


def run_export(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.to)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for use in seals.uses("")[: arguments.limit]:
        place = folder / f"{use.request.paper}.pdf"
        with opened(use.file.digest) as sealed, place.open("wb") as file:
            shutil.copyfileobj(sealed, file)
        if signature := seals.signed_beside(use):
            _beside(place).write_bytes(signature)
        count += 1
    print(f"{count} 份盖了章的文书写到 {folder}")
    return 0


def run_reissue(arguments: argparse.Namespace) -> int:
    by = actor_named(arguments.by, on=clock.day_of(clock.now()))
    needs_pin = [seal for seal in map(seals.in_use, SealKind) if seal and seal.needs_pin]
    pin = getpass(f"{needs_pin[0].name} PIN: ") if needs_pin else ""
    waiting = reissuing.unsealed()
    total = min(waiting.count(), arguments.limit or LARGEST)
    done = 0
    print(f"没有电子印章的旧文书 {total} 份")
    for count in reissuing.reissue(waiting, limit=total, by=by, at=clock.now(), pin=pin):
        done += count
        print(f"已办 {done} 份", flush=True)
    return 0


def run_seals(arguments: argparse.Namespace) -> int:
    rows = [
        {
            "code": seal.code,
            "name": seal.name,
            "fingerprint": seal.fingerprint,
            "sm2_fingerprint": seal.sm2_fingerprint,
            "state": seal.state,
            "ended_at": ended.isoformat() if ended else "",
        }
        for seal, ended in seals.told()
    ]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    Path(arguments.to).write_text(text + "\n", encoding="utf-8")
    print(f"{len(rows)} 枚电子印章写到 {arguments.to}")
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    from onedoor.seals.backends import checking  # pyHanko: no other command needs it

    path = Path(arguments.file)
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=str(path))
    content = path.read_bytes()
    found = checking.read(content)
    for each in found:
        said = "完整，盖章以后一个字节也没有改" if each.is_whole else "不完整：盖章以后被改过"
        say(f"{' · '.join(filter(None, (each.seal, each.unit)))}：{said}")
        say(f"  签名时间 {each.at:%Y-%m-%d %H:%M:%S%z}" if each.at else "  没有签名时间")
        say(f"  签发机构 {each.issuer}")
        say(f"  证书指纹 {each.fingerprint}，请和单位公布的印章指纹比对")
    _refuse_doubtful(found)
    listed = (
        json.loads(Path(arguments.seals).read_text(encoding="utf-8")) if arguments.seals else None
    )
    if listed is not None:
        _refuse_ended(found[0], listed)
    beside = Path(arguments.beside) if arguments.beside else _beside(path)
    if arguments.beside or beside.is_file():
        _check_beside(beside, content, listed)
    return 0


def _beside(place: Path) -> Path:
    return place.with_name(f"{place.name}.p7s")


def _check_beside(place: Path, content: bytes, listed: list[dict[str, str]] | None) -> None:
    """Say what the SM2 signature beside a file says; refuse one that does not fit."""
    from onedoor.seals.backends import sm2

    if not place.is_file() or place.stat().st_size > LARGEST:
        raise NotFound("file.not_found", "没有文件 %(path)s。", path=str(place))
    found = sm2.read(place.read_bytes(), content)
    say(f"国密签名（SM2/SM3）{found.seal} · {found.unit}：{'完整' if found.is_whole else '对不上'}")
    say(f"  签名时间 {found.at:%Y-%m-%d %H:%M:%S%z}")
    say(f"  证书指纹 {found.fingerprint}，请和单位公布的印章指纹比对")
    if not found.is_whole:
        raise Refusal(
            "paper.beside_altered", "旁边的国密签名和文件对不上：有一个被改过，不要采用。"
        )
    if not found.is_in_date:
        raise Refusal(
            "paper.certificate_out_of_date",
            "签名的时间不在印章证书的有效期里，不要采用。请问出具单位。",
        )
    known = {each.get("sm2_fingerprint", "") for each in listed or ()}
    if listed is not None and found.fingerprint not in known:
        raise Refusal("paper.unknown_seal", "印章单上没有这枚印章：很可能是伪造的，不要采用。")


def _refuse_doubtful(found: list[Finding]) -> None:
    """Refuse what is not one whole signature, put on while its certificate was in force."""
    if not found:
        raise Refusal("paper.unsealed_file", "这个文件没有电子印章。")
    if len(found) > 1:
        raise Refusal(
            "paper.signed_again",
            "这个文件盖章以后又被加了签名，不要采用。请向出具单位要原来的文件。",
        )
    if not found[0].is_whole:
        raise Refusal("paper.altered_file", "这个文件盖章以后被改过，不要采用。")
    if not found[0].is_in_date:
        raise Refusal(
            "paper.certificate_out_of_date",
            "签名的时间不在印章证书的有效期里，不要采用。请问出具单位。",
        )


def _refuse_ended(found: Finding, seals: list[dict[str, str]]) -> None:
    """Refuse a seal that is not on the office's list, or was locked or stopped when it signed."""
    known = [each for each in seals if each["fingerprint"] == found.fingerprint]
    if not known:
        raise Refusal("paper.unknown_seal", "印章单上没有这枚印章：很可能是伪造的，不要采用。")
    ended = known[0]["ended_at"]
    if ended and (found.at is None or found.at >= datetime.fromisoformat(ended)):
        raise Refusal(
            "paper.seal_ended", "签名的时候这枚印章已经锁定或者停用，不要采用。请问出具单位。"
        )


def run_reconcile(arguments: argparse.Namespace) -> int:
    period = reconciling.Period(arguments.first, arguments.last)
    found = reconciling.reconcile(at=clock.now(), period=period)
    print(
        f"决定 {found.decisions} · 决定文书 {found.papers} · 用印 {found.uses} · "
        f"等用印 {found.waiting} · 差异 {len(found.differences)}"
    )
    for difference in found.differences:
        print(f"DIFFERENCE {difference.subject}: {sentence(difference.why)}")
    return 1 if found.differences else 0
