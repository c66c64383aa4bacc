"""What apps sent to staff: each member's inbox, what may arrive in it, and cards whose buttons can be tapped."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .clock import day_of
from .errors import NoSense, Refusal

if TYPE_CHECKING:
    from .company import Company

ANSWERABLE = {"button_interaction", "vote_interaction", "multiple_interaction"}
CODE_LIFE = 72 * 3600
RECALL_LIFE = 24 * 3600
KEPT = 20_000

FROM_ONE_APP = ((60, 30), (3600, 1000))
FROM_ALL = ((60, 200),)
A_DAY_FROM_ALL = 10_000
"""(seconds, messages): what is more is dropped, and nobody is told."""


@dataclass(slots=True)
class Letter:
    """One message an app sent."""

    msgid: str
    agentid: int
    kind: str
    body: dict[str, Any]
    at: float
    to: tuple[str, ...]
    """Who was asked for and is in range; `dropped` of them got it not."""
    dropped: tuple[str, ...] = ()
    recalled: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    """userid -> the button tapped"""
    shown: dict[str, Any] = field(default_factory=dict)
    """userid -> what the card became"""

    @property
    def card_type(self) -> str:
        return str(self.body.get("card_type", "")) if self.kind == "template_card" else ""

    @property
    def task_id(self) -> str:
        return str(self.body.get("task_id", ""))


@dataclass(slots=True)
class ResponseCode:
    letter: Letter
    at: float
    used: bool = False


class Inboxes:
    def __init__(self, company: Company) -> None:
        self._company = company
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self._of_msgid: dict[str, Letter] = {}
        self._codes: dict[str, ResponseCode] = {}
        self._arrived: dict[tuple[str, int], deque[float]] = {}
        """(userid, app; 0 for all) -> when in the last hour"""
        self._today: Counter[tuple[str, int]] = Counter()
        self._sent_today: Counter[tuple[int, int]] = Counter()
        self._seen: dict[tuple[Any, ...], float] = {}

    # What calls do.

    def send(
        self, *, agentid: int, kind: str, body: dict[str, Any], to: Iterable[str], duplicates_within: int = 0
    ) -> tuple[Letter, str]:
        """The message and its response code, "" unless it has buttons. Raises Refusal(45009) beyond a day's volume."""
        company = self._company
        receivers = tuple(dict.fromkeys(to))
        self._spend_volume(agentid, len(receivers))
        new = [userid for userid in receivers if not self._is_repeated(agentid, kind, body, userid, duplicates_within)]
        taken = {userid for userid in new if self._takes(userid, agentid)}
        dropped = tuple(userid for userid in receivers if userid not in taken)
        letter = Letter(company.new_id("m", 40), agentid, kind, body, company.clock.exact(), receivers, dropped)
        if len(self.letters) == KEPT:
            self._of_msgid.pop(self.letters[0].msgid, None)
        self.letters.append(letter)
        self._of_msgid[letter.msgid] = letter
        return letter, self.new_code(letter) if letter.card_type in ANSWERABLE else ""

    def new_code(self, letter: Letter) -> str:
        code = self._company.new_id("rc", 44)
        self._codes[code] = ResponseCode(letter, self._company.clock.exact())
        return code

    def use_code(self, code: str) -> Letter:
        """72 hours, once. Raises Refusal(60140)."""
        found = self._codes.get(code)
        if found is None or found.used or self._company.clock.exact() - found.at > CODE_LIFE:
            raise Refusal(60140)
        found.used = True
        return found.letter

    def recall(self, msgid: str, agentid: int | None) -> None:
        """Raises Refusal 41047, 42052."""
        letter = self._of_msgid.get(msgid)
        if letter is None or letter.agentid != agentid:
            raise Refusal(41047)
        if self._company.clock.exact() - letter.at > RECALL_LIFE:
            raise Refusal(42052)
        letter.recalled = True

    def with_task(self, task_id: str, agentid: int | None) -> Letter | None:
        """The newest card with this task."""
        return next((one for one in reversed(self.letters) if one.task_id == task_id and agentid in (None, one.agentid)), None)

    # What staff do.

    def inbox(self, userid: str) -> list[Letter]:
        return [one for one in self.letters if userid in one.to and userid not in one.dropped and not one.recalled]

    def card(self, userid: str, *, msgid: str = "", task_id: str = "") -> Letter:
        """The newest card of theirs that fits."""
        cards = [one for one in self.inbox(userid) if one.card_type in ANSWERABLE]
        fitting = [one for one in cards if msgid in ("", one.msgid) and task_id in ("", one.task_id)]
        if not fitting:
            tasks = ", ".join(one.task_id for one in cards) or "none"
            raise NoSense(f"{userid!r} has no such card with buttons; their tasks: {tasks}")
        return fitting[-1]

    # Limits.

    def _spend_volume(self, agentid: int, receivers: int) -> None:
        if not self._company.quotas.enabled:
            return
        day = day_of(self._company.clock.exact())
        most = 200 * len(self._company.directory.present())
        if self._sent_today[agentid, day] + receivers > most:
            raise Refusal(45009)
        self._sent_today[agentid, day] += receivers

    def _is_repeated(self, agentid: int, kind: str, body: dict[str, Any], userid: str, within: int) -> bool:
        if within <= 0:
            return False
        what = (agentid, kind, json.dumps(body, sort_keys=True), userid)
        now = self._company.clock.exact()
        before = self._seen.get(what)
        if before is not None and now - before < within:
            return True
        self._seen[what] = now
        return False

    def _takes(self, userid: str, agentid: int) -> bool:
        if not self._company.quotas.enabled:
            return True
        now = self._company.clock.exact()
        today = (userid, day_of(now))
        if self._today[today] >= A_DAY_FROM_ALL:
            return False
        if not all(self._room(userid, whom, limits, now) for whom, limits in ((agentid, FROM_ONE_APP), (0, FROM_ALL))):
            return False
        for whom in (agentid, 0):
            self._arrived[userid, whom].append(now)
        self._today[today] += 1
        return True

    def _room(self, userid: str, whom: int, limits: tuple[tuple[int, int], ...], now: float) -> bool:
        arrived = self._arrived.setdefault((userid, whom), deque())
        while arrived and arrived[0] <= now - 3600:
            arrived.popleft()
        return all(sum(1 for at in arrived if at > now - seconds) < most for seconds, most in limits)
