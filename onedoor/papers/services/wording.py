"""How a kind of paper is worded: national templates, and the office's own by two persons."""

from __future__ import annotations

from datetime import datetime

from onedoor.accounts.rules import Actor, Role
from onedoor.kernel.errors import NotAllowed, NotFound, Refusal
from onedoor.ledger import services as ledger
from onedoor.ledger.rules.chain import digest
from onedoor.papers import pack, queries, typesetting
from onedoor.papers.events import TemplatePublished
from onedoor.papers.models import Template
from onedoor.papers.rules import checking
from onedoor.papers.rules.kinds import Kind
from onedoor.papers.rules.words import TemplateState
from onedoor.papers.services.setting import sample


def national(kind: Kind, *, at: datetime) -> Template:
    """Return the product's own template as the first version, or as the next when it changed."""
    text = pack.template(kind)
    latest = Template.objects.filter(kind=kind.value).order_by("-number").first()
    made = Template(
        kind=kind.value,
        number=latest.number + 1 if latest else 1,
        text=text,
        digest=digest(text.encode()),
        state=TemplateState.PUBLISHED.value,
        edited_by="system",
        edited_at=at,
        published_by="system",
        published_at=at,
    )
    Template.objects.bulk_create([made], ignore_conflicts=True)
    return Template.objects.get(kind=kind.value, number=made.number)


def load_national(*, at: datetime) -> int:
    """Bring in the templates of this release where the office has none of its own."""
    count = 0
    for kind in Kind:
        latest = queries.in_force(kind)
        if latest is None or (latest.edited_by == "system" and latest.text != pack.template(kind)):
            national(kind, at=at)
            count += 1
    queries.forget()
    return count


def check_template(kind: Kind, text: str) -> None:
    """Refuse a template that cannot be read, leaves out what must be said, or cannot be printed.

    Once it is saved, nothing in it can stop a paper.
    """
    checking.check(text, queries.elements_of(kind))
    typesetting.pdf(sample(kind, text))


@ledger.recorded
def save_template(kind: Kind, *, text: str, by: Actor, at: datetime) -> Template:
    """Keep a draft of how a kind is worded, or refuse with the sentence that says what is wrong."""
    if not by.holds(Role.EDITOR):
        raise NotAllowed("paper.not_editor", "模板全中心共用，由中心的事项编辑来写。")
    text = "\n".join(line.rstrip() for line in text.splitlines()).strip() + "\n"
    check_template(kind, text)
    if queries.in_force(kind) is None:
        national(kind, at=at)
    latest = queries.versions(kind)[0]
    is_draft = latest.state == TemplateState.DRAFT.value
    draft = Template(
        kind=kind.value,
        number=latest.number if is_draft else latest.number + 1,
        text=text,
        digest=digest(text.encode()),
        state=TemplateState.DRAFT.value,
        edited_by=by.ref,
        edited_at=at,
    )
    if is_draft:
        draft.pk = latest.pk
        changed = Template.objects.filter(pk=latest.pk, state=TemplateState.DRAFT.value).update(
            text=text, digest=draft.digest, edited_by=by.ref, edited_at=at
        )
        if not changed:
            raise _published_meanwhile()
    else:
        Template.objects.bulk_create([draft])
    return draft


@ledger.recorded
def publish_template(kind: Kind, *, digest_seen: str, by: Actor, at: datetime) -> Template:
    """Bring a draft into force: by somebody else than its editor, and only as they saw it."""
    if not by.holds(Role.PUBLISHER):
        raise NotAllowed("paper.not_publisher", "模板全中心共用，由中心的事项发布岗来发布。")
    versions = list(queries.versions(kind))
    draft = next((v for v in versions if v.state == TemplateState.DRAFT.value), None)
    if draft is None:
        raise NotFound("paper.no_draft", "这份模板没有等发布的草稿。")
    if draft.edited_by == by.ref:
        raise NotAllowed("paper.own_draft", "自己写的模板要由另一个人发布。")
    checking.check(draft.text, queries.elements_of(kind))
    changed = Template.objects.filter(
        pk=draft.pk, state=TemplateState.DRAFT.value, digest=digest_seen
    ).update(
        # A release may have brought a version in since the draft was begun: this one follows it.
        number=draft.number if versions[0] == draft else versions[0].number + 1,
        state=TemplateState.PUBLISHED.value,
        published_by=by.ref,
        published_at=at,
    )
    if not changed:
        raise _published_meanwhile()
    event = TemplatePublished(
        subject=f"paper-template:{kind.value}",
        number=draft.number,
        text=draft.digest,
        edited_by=draft.edited_by,
    )
    ledger.record(event, by=by.ref, at=at)
    queries.forget()
    return Template.objects.get(pk=draft.pk)


def _published_meanwhile() -> Refusal:
    return Refusal("paper.template_changed", "这份草稿刚被别人改过或发布了，请看过再办。")
