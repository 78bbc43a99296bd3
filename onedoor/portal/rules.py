"""How a page may be shown, and which doors stand open to whom. Pure: no Django."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from onedoor.accounts.rules import ADMINISTRATORS, Actor, Role
from onedoor.kernel.errors import NotValid
from onedoor.kernel.terms import Term


class Size(Term):
    """How large everything is (字号)."""

    STD = "std", "标准"
    L = "l", "大"
    XL = "xl", "特大"
    XXL = "xxl", "超大"


class Mode(Term):
    """For whom the page is laid out (版式)."""

    STD = "std", "常规版"
    ELDER = "elder", "长辈版"


class Language(Term):
    """In which language pages speak (语言)."""

    ZH = "zh-hans", "中文"
    EN = "en", "English"


class Contrast(Term):
    """How strongly text stands out from its ground (对比度)."""

    NORMAL = "normal", "常规对比"
    HIGH = "high", "高对比"


ELDER_SIZES = (Size.XL, Size.XXL)
"""Elder mode is never smaller than this."""


@dataclass(frozen=True)
class Preferences:
    """How one reader wants pages shown (显示设置). Kept in a cookie, never with an account.

    Without a chosen language, what the browser asks for counts.
    """

    size: Size = Size.STD
    mode: Mode = Mode.STD
    contrast: Contrast = Contrast.NORMAL
    language: Language | None = None

    @property
    def is_elder(self) -> bool:
        return self.mode is Mode.ELDER

    @property
    def is_high_contrast(self) -> bool:
        return self.contrast is Contrast.HIGH

    @property
    def sizes(self) -> tuple[Size, ...]:
        """Return the sizes to choose from."""
        return ELDER_SIZES if self.is_elder else tuple(Size)

    @property
    def shown_size(self) -> Size:
        """Return the size that is shown: in elder mode a small choice becomes 特大.

        >>> Preferences(mode=Mode.ELDER).shown_size, Preferences(size=Size.L).shown_size
        (<Size.XL: 'xl'>, <Size.L: 'l'>)
        """
        return self.size if self.size in self.sizes else Size.XL

    def as_text(self) -> str:
        """Return what the cookie keeps.

        >>> Preferences(Size.XL, Mode.ELDER).as_text()
        'xl.elder.normal'
        >>> Preferences(language=Language.EN).as_text()
        'std.std.normal.en'
        """
        chosen = (self.size, self.mode, self.contrast, self.language)
        return ".".join(term.value for term in chosen if term)


def read_preferences(text: str) -> Preferences:
    """Read what a cookie says; whatever it is, a page can be shown.

    >>> read_preferences("xxl.elder.high") == Preferences(Size.XXL, Mode.ELDER, Contrast.HIGH)
    True
    >>> read_preferences("std.std.normal.en").language
    <Language.EN: 'en'>
    >>> read_preferences("huge") == read_preferences("xl.elder.loud") == Preferences()
    True
    """
    size, mode, contrast, language = (*text.split("."), "", "", "", "")[:4]
    try:
        return Preferences(
            Size(size), Mode(mode), Contrast(contrast), Language(language) if language else None
        )
    except ValueError:
        return Preferences()


def changed(preferences: Preferences, choice: Mapping[str, str]) -> Preferences:
    """Return the preferences with what was pressed; a value nobody offers is refused."""
    try:
        return replace(
            preferences,
            size=Size(choice.get("size", preferences.size)),
            mode=Mode(choice.get("mode", preferences.mode)),
            contrast=Contrast(choice.get("contrast", preferences.contrast)),
            language=Language(choice["language"]) if "language" in choice else preferences.language,
        )
    except ValueError as error:
        raise NotValid("prefs.unknown", "没有这种显示方式，请用页面上的按钮选。") from error


class Door(Term):
    """A place where staff work (工作入口)."""

    WINDOW = "window", "叫号"
    GUIDE = "guide", "导办"
    HALL = "hall", "大厅"
    DESK = "desk", "收件"
    BOOKINGS = "bookings", "预约"
    HOURS = "hours", "开放和值班"
    ONLINE = "online", "网上申请"
    INBOX = "inbox", "审批"
    JOINT = "joint", "联合办理"
    WATCH = "watch", "在办件"
    OUT = "out", "出件"
    SEALS = "seals", "用印"
    SEAL_USES = "seal_uses", "用印台账"
    SEAL_REGISTER = "seal_register", "印章"
    LICENCES = "licences", "证照台账"
    PUSHES = "pushes", "审管推送"
    DISCLOSURE = "disclosure", "双公示"
    ARCHIVE = "archive", "电子档案"
    RATINGS = "ratings", "差评"
    MATTERS = "matters", "反映"
    NOTE_MATTER = "note_matter", "记反映"
    MARKET = "market", "中介超市"
    DRAWS = "draws", "抽签"
    OUTBOX = "outbox", "短信和邮件"
    FIGURES = "figures", "监察统计"
    LIGHTS = "lights", "红灯"
    FINDINGS = "findings", "审计整改"
    INFORMATION = "information", "信息公开"
    CATALOGUE = "catalogue", "事项发布"
    TEMPLATES = "templates", "文书模板"
    ADMIN = "admin", "管理"


class Way(NamedTuple):
    """A door, the name of its page, and who may use it."""

    door: Door
    route: str
    roles: tuple[Role, ...]


WAYS = (
    Way(Door.WINDOW, "hall:window", (Role.DESK, Role.ISSUER, Role.DUTY)),
    Way(Door.GUIDE, "hall:guide", (Role.GUIDE, Role.DUTY)),
    Way(Door.HALL, "hall:manage", (Role.DUTY, Role.SUPERVISOR)),
    Way(Door.DESK, "cases:desk", (Role.DESK,)),
    Way(Door.BOOKINGS, "hall:bookings", (Role.GUIDE, Role.DUTY)),
    Way(Door.HOURS, "hall:hours", (Role.DUTY,)),
    Way(Door.ONLINE, "cases:online", (Role.DESK,)),
    Way(Door.INBOX, "cases:inbox", (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD)),
    Way(Door.JOINT, "cases:joint_handled", (Role.GOVERNMENT,)),
    Way(Door.WATCH, "cases:inbox", (Role.SUPERVISOR,)),
    Way(Door.OUT, "cases:out", (Role.ISSUER, Role.MAKER)),
    Way(Door.SEALS, "cases:seals", (Role.KEEPER,)),
    Way(Door.SEAL_USES, "seals:uses", (Role.KEEPER, Role.SUPERVISOR, Role.AUDIT_ADMIN)),
    Way(
        Door.SEAL_REGISTER,
        "seals:register",
        (Role.KEEPER, Role.ADMIN, Role.SECURITY_ADMIN, Role.SUPERVISOR),
    ),
    Way(Door.LICENCES, "cases:licences", (Role.HEAD, Role.DECIDER, Role.SUPERVISOR)),
    Way(
        Door.FINDINGS,
        "rectification:inbox",
        (Role.AUDITOR, Role.AUDIT_SUPERVISOR, Role.LEAD_OFFICE, Role.OFFICER, Role.HEAD),
    ),
    Way(
        Door.INFORMATION,
        "reports:office",
        (Role.LEAD_OFFICE, Role.AUDITOR, Role.CHECKER, Role.DISCLOSER, Role.SUPERVISOR),
    ),
    Way(
        Door.PUSHES,
        "cases:pushes",
        (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.HEAD, Role.SUPERVISOR),
    ),
    Way(Door.ARCHIVE, "archive:files", (Role.ARCHIVIST,)),
    Way(Door.DISCLOSURE, "disclosure:office", (Role.HEAD, Role.SUPERVISOR)),
    Way(Door.RATINGS, "feedback:orders", (Role.SUPERVISOR, Role.HEAD)),
    Way(Door.MATTERS, "feedback:matters", (Role.SUPERVISOR, Role.HEAD)),
    Way(Door.NOTE_MATTER, "feedback:note_matter", (Role.DESK,)),
    Way(Door.MARKET, "market:packs", (Role.MARKET, Role.SUPERVISOR, Role.HEAD)),
    Way(Door.DRAWS, "market:draw_desk", (Role.MARKET, Role.SUPERVISOR, Role.HEAD)),
    Way(Door.OUTBOX, "outbox:outbox", (Role.SUPERVISOR, Role.ADMIN)),
    Way(Door.FIGURES, "cases:figures", (Role.SUPERVISOR, Role.HEAD)),
    Way(Door.LIGHTS, "cases:lights", (Role.GOVERNMENT,)),
    Way(Door.TEMPLATES, "papers:templates", (Role.EDITOR, Role.PUBLISHER)),
    Way(Door.CATALOGUE, "catalogue:publishing", (Role.EDITOR, Role.PUBLISHER)),
    Way(Door.ADMIN, "admin:index", ADMINISTRATORS),
)


def ways_of(actor: Actor) -> tuple[Way, ...]:
    """Return the doors open to the actor, in the order of the bar."""
    mine: dict[str, Way] = {}
    for way in WAYS:  # two doors to one page are shown as the first
        if actor.holds_any(*way.roles):
            mine.setdefault(way.route, way)
    return tuple(mine.values())


def here(path: str, doors: Sequence[str]) -> str:
    """Say behind which of the doors' addresses a page is: the longest that leads to it.

    >>> here("/desk/out/", ["/desk/", "/desk/out/"]), here("/items/", ["/desk/"])
    ('/desk/out/', '')
    """
    return max((door for door in doors if path.startswith(door)), key=len, default="")
