"""The one family of errors for a lawful "no". Anything else that is raised is a bug."""

from __future__ import annotations


class Refusal(Exception):
    """A reasoned "no": the request was understood and may not be done.

    Everything a person or a program needs in order to act on the answer travels with it:
    a stable dotted ``code``, a Chinese sentence (``text``) with its ``data``, and the legal
    ``basis``. The sentence is translated where it is shown, not here.
    """

    status = 409

    def __init__(self, code: str, text: str, /, *, basis: str = "", **data: object) -> None:
        super().__init__(text % data if data else text)
        self.code, self.text, self.basis, self.data = code, text, basis, data


class NotAllowed(Refusal):
    """Not by this person."""

    status = 403


class NotSignedIn(Refusal):
    """Nobody in particular asked; sign in or send a token."""

    status = 401


class NotFound(Refusal):
    """There is none, or it is not for this person to know that there is."""

    status = 404


class NotValid(Refusal):
    """Not in this form. ``field`` names the input that is wrong, where there is one."""

    status = 422

    def __init__(
        self, code: str, text: str, /, *, field: str = "", basis: str = "", **data: object
    ) -> None:
        super().__init__(code, text, basis=basis, **data)
        self.field = field


class NotRead(NotValid):
    """Not readable at all: the bytes are not of the form they claim to be."""

    status = 400


class WrongMethod(Refusal):
    """Not asked in the way this address answers to; ``allowed`` names the ways."""

    status = 405

    def __init__(self, code: str, text: str, /, *, allowed: str, **data: object) -> None:
        super().__init__(code, text, basis="", allowed=allowed, **data)
        self.allowed = allowed


class TooLarge(NotValid):
    """What was sent is larger than the limit named in the sentence."""

    status = 413


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a file of more than ``limit`` bytes."""
    return TooLarge(
        "file.too_large",
        "文件超过 %(most)s MB。请直接拍照上传，或把文件变小再传。",
        field="file",
        most=limit // (1024 * 1024),
    )


class WrongType(NotValid):
    """What was sent is of a kind that is not taken."""

    status = 415


class NotSeen(NotValid):
    """Asked without saying what was seen: it might undo what somebody did meanwhile."""

    status = 428


class TooOften(Refusal):
    """Too many attempts; ``retry_after`` says in how many seconds the door opens again."""

    status = 429

    def __init__(self, code: str, text: str, /, *, retry_after: int, **data: object) -> None:
        super().__init__(code, text, basis="", **data)
        self.retry_after = retry_after
