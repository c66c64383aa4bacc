"""Access tokens: one an app, the same until it expires; they can be made to expire, be forgotten, be rejected."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from .apps import App
from .clock import Clock
from .errors import NoSense, Refusal
from .settings import Settings

WAYS_TO_SPOIL = {"expire": 42001, "forget": 40014, "reject": 40001}


@dataclass(slots=True)
class Token:
    value: str
    app: App
    expires_at: float
    spoilt: int = 0
    """The code it is answered with from now on."""


class Tokens:
    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._settings = settings
        self._of_value: dict[str, Token] = {}
        self._of_app: dict[str, Token] = {}
        self.issued = 0

    def issue(self, app: App) -> tuple[Token, int]:
        """The app's token and the seconds it is said to last; a new one only when the last is of no use any more."""
        now = self._clock.exact()
        token = self._of_app.get(app.secret)
        if token is None or token.spoilt or token.expires_at <= now:
            token = self._new(app, now)
            return token, self._settings.token_life
        full = self._settings.repeated_token_says_full_life
        return token, self._settings.token_life if full else max(1, int(token.expires_at - now))

    def _new(self, app: App, now: float) -> Token:
        value = secrets.token_urlsafe(self._settings.token_length)[: self._settings.token_length]
        token = Token(value, app, now + self._settings.token_life)
        self._of_value[value] = self._of_app[app.secret] = token
        self.issued += 1
        self._drop_long_gone(now)
        return token

    def _drop_long_gone(self, now: float) -> None:
        """An old one is answered with 42001 for a day, then it is unknown."""
        if self.issued % 500 == 0:
            self._of_value = {value: token for value, token in self._of_value.items() if token.expires_at > now - 86_400}

    def holder(self, value: str) -> App:
        if not value:
            raise Refusal(41001)
        token = self._of_value.get(value)
        if token is None:
            raise Refusal(40014)
        if token.spoilt:
            raise Refusal(token.spoilt)
        if token.expires_at <= self._clock.exact():
            raise Refusal(42001)
        return token.app

    def spoil(self, how: str, apps: Iterable[App] | None = None) -> int:
        """All valid tokens (of these apps) are of no use from now on. Says how many that were."""
        if how not in WAYS_TO_SPOIL:
            raise NoSense(f"a token can be spoilt by {', '.join(WAYS_TO_SPOIL)}, not {how!r}")
        chosen = None if apps is None else {app.secret for app in apps}
        count = 0
        for token in self._of_value.values():
            if not token.spoilt and (chosen is None or token.app.secret in chosen):
                token.spoilt = WAYS_TO_SPOIL[how]
                count += 1
        return count
