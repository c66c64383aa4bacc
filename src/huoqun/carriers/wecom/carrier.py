"""One company connected through WeCom, ready to act."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from huoqun.carriers.base import Asked, Manifest
from huoqun.carriers.by_hand import WHY
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import NeedsHand, Outcome, Refused

from . import send
from .acts.desk import Desk
from .acts.pictures import looked_after
from .client.client import Client, client_for
from .endings import Ending, refusal_of, together
from .errors import WeComError
from .manifest import MANIFEST
from .models import Corp
from .queries import company_of

PATIENCE = 25.0
"""Seconds until everything asked at once has ended, with some left until LONGEST_CALL."""


def _real_time() -> datetime:
    return datetime.now(UTC)


class WeCom:
    """Acts for an account. The company is read anew each time: somebody may have changed a secret, or disconnected it. What
    is asked then is for a person's hand, and of what was asked before nothing can be told.
    """

    def __init__(
        self,
        account: Account,
        *,
        now: Callable[[], datetime] = _real_time,
        sleep: Callable[[float], None] = time.sleep,
        client: Callable[[Corp], Client] | None = None,
    ) -> None:
        self.account = account
        self._client = client or (lambda corp: client_for(corp, now=now, sleep=sleep))

    @property
    def manifest(self) -> Manifest:
        return MANIFEST

    def send(self, asked: Asked) -> Outcome:
        return self.send_many([asked])[0]

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        """Several kinds may be mixed: each kind is done by itself, in the order of the first of it."""
        desk = self._desk()
        endings: dict[int, Ending] = {}
        kinds: dict[type, list[int]] = {}
        for place, each in enumerate(asked):
            if plain := self._plain_answer(each):
                endings[place] = plain
            elif desk is None:
                endings[place] = NeedsHand(reason=WHY)
            else:
                kinds.setdefault(type(each.action), []).append(place)
        if desk and kinds:
            with desk.client.within(PATIENCE):
                for places in kinds.values():
                    these = [asked[place] for place in places]
                    ended = looked_after(desk, these, send.send(desk, these))
                    endings |= dict(zip(places, ended, strict=True))
        return together([endings[place] for place in range(len(asked))])

    def look_up(self, asked: Asked) -> Outcome | None:
        desk = self._desk()
        if self._plain_answer(asked) or not MANIFEST.ability(asked.action).can_ask or desk is None:
            return None
        with desk.client.within(PATIENCE):
            return send.look_up(desk, asked)

    def follow(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        desk = self._desk()
        if desk is None:
            return [None] * len(asked)
        with desk.client.within(PATIENCE):
            return send.follow(desk, asked)

    def remind(self, asked: Asked) -> Outcome:
        desk = self._desk()
        if desk is None:
            return Refused(reason=WHY, for_good=False)
        with desk.client.within(PATIENCE):
            try:
                return send.remind(desk, asked)
            except WeComError as error:
                return refusal_of(error)

    def withdraw(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        desk = self._desk()
        if desk is None:
            return [None] * len(asked)
        with desk.client.within(PATIENCE):
            return send.withdraw(desk, asked)

    def _desk(self) -> Desk | None:
        """None: the company is not connected any more."""
        corp = company_of(self.account)
        return None if corp is None else Desk(corp, self._client(corp), Path(settings.UPLOADS) / "pictures")

    def _plain_answer(self, asked: Asked) -> Outcome | None:
        """For what is not sent at all: a hand, or a plain no."""
        if asked.action.account != self.account:
            raise ValueError(f"{asked.key} is for {asked.action.account}, not for {self.account}")
        ability = MANIFEST.ability(asked.action)
        match ability.how:
            case "hand":
                return NeedsHand(reason=ability.why)
            case "no":
                return Refused(reason=ability.why)
        return None
