"""A whole report read into a draft: its fields, title, sections, findings, next steps, end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from onedoor.reports.rules.document import SCHEMA
from onedoor.reports.rules.reading import figures, tables
from onedoor.reports.rules.reading.findings import Block, Labels, issue
from onedoor.reports.rules.reading.lines import (
    ASIDE,
    PROBLEM,
    RESPONSE,
    Level,
    Line,
    fields_of,
    is_furniture,
    level_of,
)
from onedoor.reports.rules.reading.marking import Part, Place
from onedoor.reports.rules.reading.sections import (
    LONGEST,
    Section,
    heads_of,
    holds_findings,
    is_reason,
    kind,
    reach,
    themselves,
    to_next_answered,
    to_next_problem,
)

_TITLE = re.compile(
    r"(?:关于|审计|整改).*(?:报告|公告|公示|通报|汇报|情况|说明|结果|总结|回复|反馈|函|台账|清单|一览表|情况表)(?:[（(].{1,12}[）)])?$"
)
_ISSUER = re.compile(
    r"^(.{2,40}?(?:办公室|政府|局|委员会|厅|中心|院|公司|大学|学校|学院|镇|乡|街道办事处|处|部|会))关于"
)
_DATE = re.compile(r"^\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")
_DATE_IN_WORDS = re.compile(
    r"^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$"
)
_CLOSING = re.compile(
    r"^(?:特此(?:函复|报告|公告|公示|说明|汇报|通报)|以上(?:报告|情况)，请(?:审议|审阅))[。！]?$|"
    r"^[（(]?联系人\s*[:：].{2,60}[）)]?$"
)
_BRACKETED = re.compile(r"^【([^】]{2,20})】$")
_COLUMN = re.compile(r"^-\s*([^\s-].{0,20})$")
_UNIT = re.compile(r"^[（(]?(?:金额|计量)?单位\s*[:：]\s*(?:人民币)?(?P<unit>亿元|万元|元)[）)]?$")
_SPEAKER = re.compile(r"(?:局长|审计长|主任|县长|市长|区长|厅长|院长)\s*\S{0,6}$")


@dataclass
class Draft:
    """What was read, and what became of each line."""

    content: dict[str, Any]
    marks: list[Place] = field(default_factory=list)

    @property
    def unclear(self) -> list[Place]:
        return [place for place in self.marks if place.part is Part.UNCLEAR]


def read(lines: Sequence[Line], labels: Labels) -> Draft:
    """Return the draft of a report. What is not there stays empty; nothing is made up."""
    reader = _Reader(labels)
    rest = reader.front(reader.without_furniture(lines))
    rest = reader.end(rest)
    reader.body(rest)
    return reader.draft()


class _Reader:
    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.marks: list[Place] = []
        self.disclosure: dict[str, Any] = {}
        self.document: dict[str, Any] = {"kind": "报告", "title": None, "overview": ""}
        self.overview: list[str] = []
        self.issues: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.unread: list[str] = []
        self.tables: list[list[Line]] = []
        self.unit = ""
        """The unit of amounts that a line above a table names."""

    def mark(self, line: Line, part: Part, where: str = "") -> None:
        self.marks.append(Place(line.number, part, where))

    def without_furniture(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of the report alone: no page numbers, no navigation of a web page."""
        kept = []
        for line in lines:
            if not line.cells and is_furniture(line.text.strip()):
                self.mark(line, Part.FURNITURE)
            elif line.text.strip() or line.cells:
                kept.append(line)
        return kept

    def front(self, lines: list[Line]) -> list[Line]:
        """Read the fields of the page and the title; return what follows."""
        at = 0
        while at < len(lines):
            line = lines[at]
            text = line.text.strip()
            told = fields_of(text)
            if line.cells or (level_of(text)[0] is not Level.NONE and not told):
                break
            if PROBLEM.match(text) or RESPONSE.match(text):
                break
            if told:
                for name, value in told:
                    self._keep_field(name, value)
                    self.mark(line, Part.FIELD, f"/disclosure/{name}")
            elif not self.document["title"] and (bracketed := _BRACKETED.match(text)):
                self.disclosure.setdefault("column", bracketed[1])
                self.mark(line, Part.FIELD, "/disclosure/column")
            elif text == "-" or _COLUMN.match(text):
                if column := _COLUMN.match(text):
                    self.disclosure.setdefault("column", column[1])
                self.mark(line, Part.FIELD, "/disclosure/column")
            elif text == self.document["title"]:
                self.mark(line, Part.TITLE, "/document/title")
            elif not self.document["title"]:
                taken = self._title(lines[at : at + 4])
                if not taken:
                    if len(text) > LONGEST or text.endswith("。"):
                        break
                    self._lost(line)
                at += max(taken - 1, 0)
            elif text.startswith(("—", "-", "（", "(")) and len(text) < LONGEST:
                self.document["subtitle"] = text
                self.mark(line, Part.TITLE, "/document/subtitle")
            elif _SPEAKER.search(text) and len(text) < 40 and not text.endswith((":", "：")):
                self.document["speaker"] = text
                self.mark(line, Part.FIELD, "/document/speaker")
            elif text.endswith(("：", ":")) and len(text) < LONGEST:
                self.document["addressee"] = text.rstrip("：:")
                self.mark(line, Part.FIELD, "/document/addressee")
                at += 1
                break
            else:
                break
            at += 1
        return lines[at:]

    def _keep_field(self, name: str, value: str) -> None:
        if name == "title":
            self.document["title"] = self.document["title"] or value
        else:
            self.disclosure.setdefault(name, value or None)

    def _title(self, lines: list[Line]) -> int:
        """Take a title of one to four lines; return how many they were, 0 where there is none."""
        joined = ""
        for n, line in enumerate(lines, 1):
            text = line.text.strip()
            if (
                line.cells
                or level_of(text)[0] is not Level.NONE
                or text.endswith(("。", "：", ":"))
                or fields_of(text)
                or PROBLEM.match(text)
                or RESPONSE.match(text)
            ):
                return 0
            joined += text
            if len(joined) <= 120 and _TITLE.search(joined):
                self.document["title"] = joined
                for each in lines[:n]:
                    self.mark(each, Part.TITLE, "/document/title")
                return n
        return 0

    def end(self, lines: list[Line]) -> list[Line]:
        """Take signature, date and attachments off the end."""
        rest = self._attachments(list(lines))
        while rest and not rest[-1].cells:
            text = rest[-1].text.strip()
            if _DATE.match(text):
                self.document["written_date"] = re.sub(r"\s", "", text)
            elif in_words := _DATE_IN_WORDS.match(text):
                self.document["written_date"] = _in_digits(*in_words.groups())
            elif _CLOSING.match(text):
                pass  # a phrase, or whom to ask: the source has it
            elif text.startswith(("附件", "附：", "附:")) and len(text) < 100:
                self.document.setdefault("attachments", []).insert(0, text)
            elif re.fullmatch(r"[（(]此件.{2,10}[）)]", text):
                self.document["note"] = text.strip("（()）")
            elif (
                self.document.get("written_date")
                and not self.document.get("signature")
                and len(text) <= 40
                and re.search("(局|府|委|办公室|厅|中心|会|公司|院|处)$", text)
            ):
                self.document["signature"] = text
            else:
                break
            self.mark(rest.pop(), Part.END, "/document")
        return rest

    def _attachments(self, lines: list[Line]) -> list[Line]:
        """Take the list of attachments out, where it goes over several lines at the end."""
        start = next(
            (
                n
                for n, x in enumerate(lines)
                if re.match(r"附件?\s*[:：]\s*1\s*[.．、]", x.text.strip())
            ),
            len(lines),
        )
        stop = start
        while stop < len(lines) and (
            stop == start or re.match(r"\s*\d{1,2}\s*[.．、]\S.{0,60}$", lines[stop].text)
        ):
            stop += 1
        if stop - start < 2:
            return lines
        for line in lines[start:stop]:
            self.document.setdefault("attachments", []).append(line.text.strip())
            self.mark(line, Part.END, "/document/attachments")
        return lines[:start] + lines[stop:]

    def body(self, lines: list[Line]) -> None:
        """Read the sections by their headings; without any, everything is findings."""
        found = themselves(lines)
        heads = heads_of(lines) - found
        kinds = [kind(line.text) for line in lines if line.number in heads]
        is_parted = kinds.count(Section.ISSUES) > 1
        section = Section.OVERVIEW if heads or found else Section.ISSUES
        block: list[Line] = []
        heading = ""
        for line in lines:
            if line.number in heads:
                self._section(section, block, heading)
                section, block = kind(line.text), []
                text = line.text.strip()
                told = text.removeprefix(level_of(text)[1])[:100]
                heading = told if is_parted or section is Section.UNKNOWN else ""
                self.mark(line, Part.HEADING)
            elif line.number in found and section is not Section.ISSUES:
                self._section(section, block, heading)
                section, block, heading = Section.ISSUES, [line], ""
            else:
                block.append(line)
        self._section(section, block, heading)
        for rows in self.tables:
            self._late_table(rows)

    def _section(self, section: Section, lines: list[Line], heading: str = "") -> None:
        if section is Section.UNKNOWN and _is_answered(lines):
            section = Section.ISSUES
        if section is not Section.ISSUES:
            lines = self._without_tables(lines)
        if section is Section.OVERVIEW:
            for line in lines:
                self.overview.append(line.text.strip())
                self.mark(line, Part.OVERVIEW, "/document/overview")
        elif section is Section.NEXT:
            self._next(lines)
        elif section is Section.ISSUES:
            self._issues(lines, heading)
        else:
            for line in lines:
                self._lost(line)

    def _without_tables(self, lines: list[Line]) -> list[Line]:
        """Put tables outside the section of findings aside: they may list the same ones again."""
        rest: list[Line] = []
        for n, line in enumerate(lines):
            if not line.cells:
                rest.append(line)
            elif n and lines[n - 1].cells:
                self.tables[-1].append(line)
            else:
                self.tables.append([line])
        return rest

    def _late_table(self, rows: list[Line]) -> None:
        """Read a table that stands elsewhere, if the findings are nowhere but there."""
        if not self.issues:
            self._table(rows)
            return
        for line in rows:
            self._lost(line)

    def _next(self, lines: list[Line]) -> None:
        for line in lines:
            text = line.text.strip()
            level, _ = level_of(text)
            if level is Level.NONE and self.steps:
                step = self.steps[-1]
                step["text"] = f"{step['text']}\n{text}".strip("\n")
            else:
                stop = text.find("。") + 1 if level is not Level.NONE else 0
                stop = stop if stop <= LONGEST else 0
                heading = text[:stop] if stop else (text if level is not Level.NONE else "")
                number = len(self.steps) + 1
                self.steps.append(
                    {
                        "id": f"NS-{number}",
                        "seq": number,
                        "heading": heading or None,
                        "text": text[len(heading) :],
                        "candidate_tasks": [],
                    }
                )
            self.mark(line, Part.NEXT_STEP, f"/next_steps/{len(self.steps) - 1}")

    def _issues(self, lines: list[Line], category: str = "") -> None:
        """Read findings, one block or one table after the other."""
        rest = list(lines)
        while rest:
            text = rest[0].text.strip()
            level, mark = level_of(text)
            n = reach(rest, level)
            if rest[0].cells:
                n = next((k for k, each in enumerate(rest) if not each.cells), len(rest))
                self._table(rest[:n])
            elif PROBLEM.match(text):
                n = to_next_problem(rest)
                self._issue(rest[:n], category)
            elif is_reason(text.removeprefix(mark)):
                n = 1
                self._lost(rest[0])
            elif level is Level.NONE or figures.is_tally(text.removeprefix(mark)):
                n = 1
                self._stray(rest[0])
            elif level is not Level.FOURTH and holds_findings(text, rest[1:n], level):
                category, n = text.removeprefix(mark).rstrip("。")[:100], 1
                self.mark(rest[0], Part.CATEGORY, "/issues/*/category_l1")
            else:
                n = to_next_answered(rest, n)
                self._issue(rest[:n], category)
            rest = rest[n:]

    def _table(self, rows: list[Line]) -> None:
        found, marks = tables.issues(rows, len(self.issues) + 1, self.labels, unit=self.unit)
        self.issues += found
        self.marks += marks
        lost = {place.line for place in marks if place.part is Part.UNCLEAR}
        self.unread += ["\t".join(row.cells) for row in rows if row.number in lost]

    def _issue(self, lines: list[Line], category: str) -> None:
        told = [line for line in lines if not line.cells]
        block = Block([Line(x.number, x.text.strip()) for x in told], category)
        self.issues.append(issue(block, len(self.issues) + 1, self.labels))
        self.marks += block.marks
        for line in lines:
            if line.cells:
                self._lost(line)

    def _stray(self, line: Line) -> None:
        """A paragraph between findings: figures of the whole, or not understood."""
        if told := _UNIT.match(line.text.strip()):
            self.unit = told["unit"]
            self.mark(line, Part.TABLE)
        elif not _tells_of_one(line.text.strip()) and (
            figures.counts(line.text) or (not self.issues and len(line.text) > 20)
        ):
            self.overview.append(line.text.strip())
            self.mark(line, Part.OVERVIEW, "/document/overview")
        else:
            self._lost(line)

    def _lost(self, line: Line) -> None:
        self.unread.append("\t".join(line.cells) or line.text.strip())
        self.mark(line, Part.UNCLEAR)

    def draft(self) -> Draft:
        title = self.document["title"] or ""
        issuer = _ISSUER.match(title)
        name = issuer[1] if issuer else self.document.get("signature") or ""
        years = re.findall(r"(20\d{2})\s*年?", title)
        self.document |= {
            "issuer_id": "ISSUER" if name else None,
            "overview": "\n".join(self.overview),
            "audit": {"period": years, "audit_body": None, "audit_report_no": None},
        }
        counted = figures.counts("\n".join(self.overview))
        notes = [_note(self.document["title"], "NO_TITLE", "没有读到标题。")]
        said = [c["value"] for c in counted if c["metric"] == "found"]
        if said and len(self.issues) not in said:
            text = f"总体情况写了 {'、'.join(map(str, said))} 个问题，读到 {len(self.issues)} 个。"
            notes.append({"code": "COUNT_DIFFERS", "text": text})
        for paragraph in self.overview:
            for text in figures.differences(paragraph):
                notes.append({"code": "SUM_DIFFERS", "text": f"原文的数对不上：{text}"})
        if self.unread:
            text = f"有 {len(self.unread)} 处没有读懂，原文都在。"
            notes.append({"code": "NOT_UNDERSTOOD", "text": text})
        content = {
            "schema": SCHEMA,
            "disclosure": self.disclosure or None,
            "document": self.document,
            "organisations": [{"id": "ISSUER", "name": name}] if name else [],
            "facts": [*counted, *figures.amounts("\n".join(self.overview))],
            "issues": self.issues,
            "next_steps": self.steps,
            "data_quality": [note for note in notes if note],
            "unread": self.unread,
        }
        order = sorted(self.marks, key=lambda place: place.line)
        return Draft({k: v for k, v in content.items() if v is not None}, order)


def _tells_of_one(text: str) -> bool:
    """Say whether a paragraph tells of one finding by the name it begins with, and not of all."""
    return any(form.match(text) for form in (PROBLEM, RESPONSE, ASIDE))


def _is_answered(lines: Sequence[Line]) -> bool:
    """Say whether numbered lines with their answers stand here, whatever the heading says."""
    texts = [line.text.strip() for line in lines if not line.cells]
    is_numbered = any(level_of(text)[0] in (Level.SECOND, Level.THIRD) for text in texts)
    return is_numbered and any(RESPONSE.match(text) for text in texts)


_DIGITS = "〇一二三四五六七八九"


def _in_digits(year: str, month: str, day: str) -> str:
    """Return a date that was written in words as documents write it now.

    >>> _in_digits("二○二四", "十二", "三十一")
    '2024年12月31日'
    """
    plain = year.translate(str.maketrans("○零", "〇〇"))
    return f"{''.join(str(_DIGITS.index(c)) for c in plain)}年{_number(month)}月{_number(day)}日"


def _number(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (
        _DIGITS.index(ones) if ones else 0
    )


def _note(value: object, code: str, text: str) -> dict[str, str]:
    return {} if value else {"code": code, "text": text}
