"""Making information public: entered, sent to the check, published, corrected, withdrawn.

Basis: 政府信息公开条例 14–17, 23, 26.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from onedoor.accounts.models import Organisation
from onedoor.accounts.rules import Actor
from onedoor.cases.inputs import plain
from onedoor.kernel.clock import day_of
from onedoor.kernel.errors import NotAllowed, NotValid, Refusal
from onedoor.ledger import numbers
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.reports import pack, publications
from onedoor.reports.models import Edition, Publication, Report
from onedoor.reports.rules import rendering
from onedoor.reports.rules.document import part, said
from onedoor.reports.rules.figures import figures_of
from onedoor.reports.rules.publishing import contents
from onedoor.reports.rules.publishing.lifecycle import WRITERS, Action, State
from onedoor.reports.rules.publishing.words import Validity
from onedoor.reports.services import checking
from onedoor.reports.services.editions import guard, meanwhile, move, reason_of
from onedoor.reports.services.indexing import next_index_number

LONGEST_TEXT = 500_000


@dataclass(frozen=True)
class Typed:
    """What a person types of an edition: its fields and its text, a paragraph a line."""

    title: str
    column: str
    formed_on: date
    text: str
    doc_number: str = ""
    validity: Validity = Validity.IN_FORCE
    topic: str = ""
    genre: str = ""
    audience: str = ""
    keywords: str = ""
    summary: str = ""

    def checked(self, *, on: date) -> dict[str, Any]:
        """Return the values of the fields, or refuse with the field that is wrong."""
        if self.formed_on > on:
            raise NotValid(
                "information.formed_later", "形成日期不能在今天以后。", field="formed_on"
            )
        rows = (
            ("title", "标题", 300, True),
            ("column", "栏目", 50, True),
            ("doc_number", "文号", 60, False),
            ("topic", "主题分类", 40, False),
            ("genre", "体裁分类", 20, False),
            ("audience", "服务对象", 60, False),
            ("keywords", "关键词", 200, False),
            ("summary", "内容概述", 500, False),
        )
        told: dict[str, Any] = {
            name: " ".join(
                plain(name, getattr(self, name), label, most=most, required=required).split()
            )
            for name, label, most, required in rows
        }
        return {**told, "formed_on": self.formed_on, "validity": self.validity.value}


@ledger.recorded
def enter(report: Report, *, publisher: Organisation, by: Actor, at: datetime) -> Edition:
    """Enter a report to be published (登记公开): its first edition is a draft, its clock runs."""
    _writer(by, publisher)
    if report.published_on is not None:
        raise Refusal(
            "information.published_elsewhere",
            "这份报告已经公开过，索引号 %(number)s。",
            number=report.index_number or "—",
        )
    rows = Publication.objects.all()
    publication = Publication(
        number=numbers.take_yearly("information", rows, stem="GK", width=4, at=at),
        report=report,
        publisher=publisher,
        salt=secrets.token_hex(16),
        begun_at=at,
    )
    edition = Edition(
        publication=publication,
        number=1,
        formed_on=min(publications.written_on(report), day_of(at)),
        doc_number=said(report.content, "document", "doc_no")[:60],
        column=pack.rules().columns[1],
        genre=pack.rules().genres[0],
        **_content_of(report),
    )
    try:
        with transaction.atomic():
            publication.save(force_insert=True)
    except IntegrityError:
        raise Refusal("information.entered_already", "这份报告已经登记过公开。") from None
    return _begin(edition, reason="", by=by, at=at)


def _writer(by: Actor, publisher: Organisation) -> None:
    if by.roles_in(publisher.pk).isdisjoint(WRITERS):
        raise NotAllowed(
            "information.not_writer", "公开信息由发布机构的审计人员或整改牵头单位来起草。"
        )


def _content_of(report: Report) -> dict[str, Any]:
    figures = [
        {k: v for k, v in figure.told.items() if k != "rows"}
        for figure in figures_of(report.content)
    ]
    lines = rendering.body(report.content)
    return {
        "report": report,
        "title": report.title,
        "summary": said(part(report.content, "disclosure"), "summary")[:500],
        "paragraphs": contents.paragraphs_of(lines) or [["p", [report.title]]],
        "tables": contents.tables_of(rendering.tables(report.content)),
        "figures": figures,
    }


def _begin(edition: Edition, *, reason: str, by: Actor, at: datetime) -> Edition:
    edition.change_reason = reason
    edition.written_by, edition.writers, edition.written_at = by.ref, [by.ref], at
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError:
        raise Refusal("information.open_already", "已经有一版在办，请先办完那一版。") from None
    return move(edition, None, {}, by=by, at=at, reason=reason)


@ledger.recorded
def edit(edition: Edition, typed: Typed, *, seen: int, by: Actor, at: datetime) -> Edition:
    """Change a draft: fields and text; whoever changes it counts among its writers."""
    step = guard(edition, Action.EDIT, by=by, seen=seen)
    changes = typed.checked(on=day_of(at))
    text = plain("text", typed.text, "正文", most=LONGEST_TEXT)
    changes["paragraphs"] = contents.retyped(edition.paragraphs, text)
    changes |= {"written_by": by.ref, "writers": sorted({*edition.writers, by.ref})}
    return move(edition, step, changes, by=by, at=at)


@ledger.recorded
def submit(edition: Edition, *, seen: int, by: Actor, at: datetime) -> Edition:
    """Send a draft to the check: it is read through, and each hit waits for a person."""
    step = guard(edition, Action.SUBMIT, by=by, seen=seen)
    found = checking.read_through(edition)
    return move(edition, step, {}, by=by, at=at, hits=found)


@ledger.recorded
def drop(edition: Edition, *, reason: str, seen: int, by: Actor, at: datetime) -> Edition:
    """Say that information is not made public, and why (不予公开)."""
    text = reason_of(reason)
    step = guard(edition, Action.DROP, by=by, seen=seen, has_text=True)
    ended = {"ended_by": by.ref, "ended_at": at, "end_reason": text}
    return move(edition, step, ended, by=by, at=at, reason=text)


@ledger.recorded
def publish(edition: Edition, *, seen: int, by: Actor, at: datetime) -> Edition:
    """Publish a checked edition: it gets its index number and its digest; the former is replaced.

    What the check would find today must have been settled, whatever was found when it was sent.
    """
    checking.require_settled(edition)
    step = guard(edition, Action.PUBLISH, by=by, seen=seen)
    publication = edition.publication
    # The row is taken before the counter: who comes second is refused and takes no number.
    mine = Edition.objects.filter(pk=edition.pk, version=seen)
    if not mine.update(version=seen):
        raise meanwhile(edition)
    before = publication.editions.filter(state=State.PUBLISHED.value).first()
    if before is not None:
        replaced = guard(before, Action.REPLACE, by=by, seen=before.version)
        move(before, replaced, {"ended_by": by.ref, "ended_at": at}, by=by, at=at)
    if publication.index_number is None:
        publication.index_number = next_index_number(publication.publisher, at=at)
        publication.save(update_fields=["index_number"])
    edition.published_at, edition.publisher_name = at, publication.publisher.name
    text = publications.text_of(edition)
    due = publications.due_of(edition.formed_on, on=day_of(at))
    changes = {
        "published_by": by.ref,
        "published_at": at,
        "publisher_name": publication.publisher.name,
        "text": text,
        "digest": digest(text.encode()),
    }
    return move(edition, step, changes, by=by, at=at, is_late=due.days_left < 0)


@ledger.recorded
def withdraw(edition: Edition, *, reason: str, seen: int, by: Actor, at: datetime) -> Edition:
    """Take an edition off the public pages; that it was there, its digest and why stay readable."""
    text = reason_of(reason)
    step = guard(edition, Action.WITHDRAW, by=by, seen=seen, has_text=True)
    ended = {"ended_by": by.ref, "ended_at": at, "end_reason": text}
    return move(edition, step, ended, by=by, at=at, reason=text)


@ledger.recorded
def correct(
    edition: Edition,
    *,
    reason: str,
    report: Report | None = None,
    seen: int,
    by: Actor,
    at: datetime,
) -> Edition:
    """Begin the next edition, from what is published or from a later report; returns the draft."""
    text = reason_of(reason)
    guard(edition, Action.CORRECT, by=by, seen=seen, has_text=True)
    public = edition.publication.editions.filter(state=State.PUBLISHED.value)
    if public.exclude(pk=edition.pk).exists():
        raise Refusal("information.public_is_another", "现在公开的是另一版，请从那一版更正。")
    names = ("column", "doc_number", "topic", "genre", "audience", "keywords", "validity")
    content: Mapping[str, Any] = (
        _content_of(report)
        if report
        else {
            name: getattr(edition, name)
            for name in ("report", "title", "summary", "paragraphs", "tables", "figures")
        }
    )
    following = Edition(
        publication=edition.publication,
        number=edition.publication.editions.count() + 1,
        formed_on=publications.formed_on(report) if report else day_of(at),
        **{name: getattr(edition, name) for name in names},
        **content,
    )
    return _begin(following, reason=text, by=by, at=at)
