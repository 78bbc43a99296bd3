"""What is printed of a file that somebody else made: words, never orders to the terminal."""

from __future__ import annotations


def plain(text: object) -> str:
    r"""Return a text on one line, with a mark for what would move the cursor or turn the words.

    >>> plain("OK\x1b[2K\n")
    'OK�[2K�'
    """
    return "".join(c if c.isprintable() else "�" for c in str(text))


def say(text: str) -> None:
    """Print a text that a hostile file may have a part in."""
    print(plain(text))
