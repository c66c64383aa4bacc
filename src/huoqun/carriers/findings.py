"""What an examination of a connection found: what was tried, what came back, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Verdict(StrEnum):
    GOOD = "good"
    LOOK = "look"
    """It works, but somebody should look."""
    BAD = "bad"
    UNTRIED = "untried"
    """Something before it has to be mended first, or it cannot be seen from here."""
    UNUSED = "unused"
    """Not set up, and nothing misses it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One check, in the language in which it was made. No field has a secret in it."""

    check: str
    """Its name: always the same word, for scripts."""
    title: str
    verdict: Verdict
    tried: str
    answer: str
    remedy: str = ""
    """What to do, step by step; empty where nothing is to be done."""

    def lines(self) -> Iterator[str]:
        """As a terminal shows it; what works is one line."""
        yield _("%(title)s: %(answer)s") % {"title": self.title, "answer": self.answer}
        if self.verdict in {Verdict.LOOK, Verdict.BAD}:
            yield _("Tried: %(tried)s") % {"tried": self.tried}
            if self.remedy:
                yield _("What to do: %(remedy)s") % {"remedy": self.remedy}


def nothing_to_examine() -> str:
    return _("No connection here can be examined yet: connect one with huoqun connect wecom, or on the page WeCom.")
