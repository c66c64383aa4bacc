"""Telling the receivers: on threads of its own, up to three times, in the order asked for. Posting never waits."""

from __future__ import annotations

import heapq
import itertools
import random
import secrets
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wecom_sandbox.events.receiver import Answer, Line, Receiver, Sealed
from wecom_sandbox.events.ways import Order, way_with
from wecom_sandbox.events.writing import plain_text, sealed_body
from wecom_sandbox.news import Event

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

LANES = 16
REMEMBERED = 20_000


@dataclass
class Letter:
    """One event on its way to one receiver, and how that went."""

    number: int
    event: Event
    corpid: str
    receiver: Receiver
    posted: float
    copy: int = 1
    state: str = "waiting"
    attempts: list[Answer] = field(default_factory=list)
    sealed: Sealed | None = None

    def seal(self) -> Sealed:
        """The body, made once: a second attempt carries the very same."""
        if self.sealed is None:
            receiver = self.receiver
            text = plain_text(self.event, self.corpid, receiver.style)
            body, encrypt = sealed_body(text, lock=receiver.lock, agent_id=receiver.agent_id, style=receiver.style)
            timestamp, nonce = str(self.event.at), secrets.token_hex(8)
            kind = "application/json" if receiver.style.shape == "json" else "text/xml"
            self.sealed = Sealed(body, receiver.lock.sign(timestamp, nonce, encrypt), timestamp, nonce, kind)
        return self.sealed


class Mail:
    """The company's events on their way out. `post` is called under the company's lock; the lanes never take that one."""

    def __init__(self, company: Company) -> None:
        self._settings = company.settings
        self._faults = company.faults
        self.corpid = company.corpid
        self.receivers: list[Receiver] = []
        self.order = Order(random.Random(company.corpid))  # noqa: S311 - which event goes first is no secret
        self.letters: deque[Letter] = deque(maxlen=REMEMBERED)
        self.counts: Counter[str] = Counter()
        self._held = False
        self._stopped = False
        self._due: list[tuple[float, int, Letter]] = []
        self._kept_back: list[Letter] = []
        self._numbers = itertools.count(1)
        lock = threading.RLock()
        self._changed = threading.Condition(lock)
        """Told when something may set out."""
        self._calmer = threading.Condition(lock)
        """Told when something has been dealt with."""
        self._lanes: list[threading.Thread] = []
        self._busy: set[int] = set()

    # What others call

    def post(self, event: Event) -> None:
        """Tell every receiver. Returns at once; without receivers nothing is kept."""
        with self._changed:
            self.counts["posted"] += 1
            for receiver in self.receivers:
                self._put_out(event, receiver)
            self._changed.notify_all()

    def listen(self, receiver: Receiver) -> None:
        """From now on this address is told too; the same address again replaces what was agreed with it."""
        with self._changed:
            self.receivers = [*(known for known in self.receivers if known.url != receiver.url), receiver]
            while len(self._lanes) < LANES:
                lane = threading.Thread(target=self._run, args=(len(self._lanes),), daemon=True, name="events")
                self._lanes.append(lane)
                lane.start()

    def forget(self, url: str | None = None) -> None:
        """Nobody at this address is told any more; without an address, nobody at all."""
        with self._changed:
            self.receivers = [known for known in self.receivers if url is not None and known.url != url]

    def hold(self) -> None:
        """Nothing sets out until released."""
        with self._changed:
            self._held = True

    def release(self) -> None:
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is waiting or under way; False when that took longer."""
        with self._changed:
            return self._calmer.wait_for(lambda: not self._pending(), timeout)

    def waiting(self) -> int:
        with self._changed:
            return self._pending()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    # Inside

    def _pending(self) -> int:
        return len(self._due) + len(self._busy) + len(self._kept_back)

    def _put_out(self, event: Event, receiver: Receiver) -> None:
        name = f"{event.name}.{event.change}" if event.change else event.name
        way = way_with(self._faults.strike(name, events=True))
        if not way.departures:
            self._letter(event, receiver, 1).state = "lost"
            self.counts["lost"] += 1
        for copy, departure in enumerate(way.departures, 1):
            self.counts["doubled"] += copy > 1
            letter = self._letter(event, receiver, copy)
            if way.waits_for_next:
                self._kept_back.append(letter)
            else:
                self._send_out(letter, departure + self.order.wait())

    def _letter(self, event: Event, receiver: Receiver, copy: int) -> Letter:
        letter = Letter(next(self._numbers), event, self.corpid, receiver, time.time(), copy)
        self.letters.append(letter)
        return letter

    def _send_out(self, letter: Letter, wait: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + wait, letter.number, letter))

    def _run(self, lane: int) -> None:
        lines: dict[str, Line] = {}
        while (letter := self._next(lane)) is not None:
            line = lines.get(letter.receiver.url)
            if line is None or line.receiver is not letter.receiver:
                line = lines[letter.receiver.url] = Line(letter.receiver)
            self._deliver(lane, letter, line)
        for line in lines.values():
            line.close()

    def _next(self, lane: int) -> Letter | None:
        with self._changed:
            while not self._stopped:
                wait = self._until_next(lane)
                if wait is not None and wait <= 0:
                    letter = heapq.heappop(self._due)[2]
                    self._busy.add(lane)
                    return letter
                self._changed.wait(wait)
            return None

    def _until_next(self, lane: int) -> float | None:
        """Seconds until something may set out on this lane; None: not before something changes."""
        if self._held or not self._due or (self.order.name == "one_by_one" and lane != 0):
            return None
        return self._due[0][0] - time.monotonic()

    def _deliver(self, lane: int, letter: Letter, line: Line) -> None:
        self._try(letter, line)
        while letter.state == "waiting" and self.order.name == "one_by_one":
            time.sleep(self._settings.callback_pause)
            self._try(letter, line)
        with self._changed:
            self._busy.discard(lane)
            if letter.state == "waiting":
                self._send_out(letter, self._settings.callback_pause)
            else:
                self._let_kept_back_go()
            self._changed.notify_all()
            self._calmer.notify_all()

    def _let_kept_back_go(self) -> None:
        for letter in self._kept_back:
            self._send_out(letter, 0.0)
        self._kept_back.clear()

    def _try(self, letter: Letter, line: Line) -> None:
        answer = line.post(letter.seal(), timeout=self._settings.callback_timeout)
        letter.attempts.append(answer)
        if answer.fine:
            letter.state = "delivered"
        elif len(letter.attempts) >= self._settings.callback_attempts:
            letter.state = "given_up"
        with self._changed:
            self.counts["attempts"] += 1
            if letter.state != "waiting":
                self.counts[letter.state] += 1
