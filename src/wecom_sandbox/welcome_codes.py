"""Welcome codes: good for twenty seconds, once, for the app which is first."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import Clock
from .errors import Refusal
from .settings import Settings


@dataclass(slots=True)
class Code:
    code: str
    userid: str
    external_userid: str
    at: float
    used: bool = False


class WelcomeCodes:
    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings
        self._of_code: dict[str, Code] = {}

    def issue(self, code: str, *, userid: str, external_userid: str) -> Code:
        made = self._of_code[code] = Code(code, userid, external_userid, self._clock.exact())
        return made

    def use(self, code: str, *, chatted: bool = False) -> Code:
        """Use it up and say for whom it was. Raises Refusal 41050 (unknown, too late) or 41051 (somebody was first, or the two
        are talking already: pass `chatted`)."""
        found = self.look(code)
        if found.used or chatted:
            raise Refusal(41051)
        found.used = True
        return found

    def look(self, code: str) -> Code:
        found = self._of_code.get(code)
        if found is None or self._clock.exact() - found.at > self._settings.welcome_code_life:
            raise Refusal(41050)
        return found

    def all(self) -> list[Code]:
        return list(self._of_code.values())
