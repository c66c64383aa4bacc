"""Mass sends: tasks which staff must confirm, what went out, what did not and why; and colleagues' habits of confirming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .attachments import words_for
from .clock import day_of
from .errors import NoSense, Refusal

if TYPE_CHECKING:
    from .company import Company

SINGLE, GROUP = "single", "group"
NOT_SENT, SENT, NO_CONTACT, HAD_ANOTHER = 0, 1, 2, 3
OPEN, DONE = 0, 2
REMINDERS, REMINDERS_SPAN = 3, 86_400


@dataclass(slots=True)
class Result:
    status: int = NOT_SENT
    at: int = 0


@dataclass(slots=True)
class Part:
    """What one colleague has to send."""

    userid: str
    to: dict[str, Result]
    status: int = OPEN
    sent_at: int = 0


@dataclass(slots=True)
class MassSend:
    msgid: str
    chat_type: str
    text: str
    attachments: list[dict[str, Any]]
    created_at: int
    agentid: int | None
    parts: dict[str, Part]
    allow_select: bool = False
    cancelled: bool = False
    reminded_at: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a colleague deals with a task: what share they confirm, after how many seconds; and once reminded."""

    confirms: float = 0.0
    after: float = 30.0
    when_reminded: float = 0.0


class MassSends:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._of_id: dict[str, MassSend] = {}
        self._received: Counter[tuple[str, int]] = Counter()
        """(customer or group, day) -> mass messages delivered"""
        self.habits: dict[str, Habit] = {}
        """userid -> habit; "" for everybody else."""

    def add(
        self,
        *,
        chat_type: str,
        text: str,
        attachments: list[dict[str, Any]],
        to: dict[str, list[str]],
        agentid: int | None,
        allow_select: bool,
    ) -> MassSend:
        """to: who sends -> whom or where."""
        company = self._company
        parts = {userid: Part(userid, {one: Result() for one in receivers}) for userid, receivers in to.items()}
        made = MassSend(
            company.new_id("msg"), chat_type, text, attachments, company.clock.now(), agentid, parts, allow_select=allow_select
        )
        self._of_id[made.msgid] = made
        for part in parts.values():
            self._follow_habit(made, part.userid, self.habit(part.userid).confirms)
        return made

    def get(self, msgid: str) -> MassSend:
        """Raises Refusal(41047)."""
        found = self._of_id.get(msgid)
        if found is None:
            raise Refusal(41047)
        return found

    def ready(self, msgid: str) -> MassSend:
        """The same once it has been dispatched. Raises Refusal(41063) before."""
        found = self.get(msgid)
        if self._company.clock.exact() < found.created_at + self._company.settings.mass_send_preparing:
            raise Refusal(41063)
        return found

    def all(self) -> list[MassSend]:
        return list(self._of_id.values())

    def habit(self, userid: str) -> Habit:
        return self.habits.get(userid, self.habits.get("", Habit()))

    # What staff do.

    def confirm(self, msgid: str, userid: str, *, skip: Collection[str] = ()) -> Part:
        """The colleague presses send; with allow_select, not to those in `skip`. Confirming again changes nothing."""
        mass, part = self._open_part(msgid, userid)
        if skip and not mass.allow_select:
            raise NoSense(f"the receivers of {msgid} cannot be changed: it was made without allow_select")
        for receiver in skip:
            part.to.pop(receiver, None)
        if part.status == OPEN:
            self._send(mass, part)
        return part

    def _open_part(self, msgid: str, userid: str) -> tuple[MassSend, Part]:
        mass = self._of_id.get(msgid)
        if mass is None:
            raise NoSense(f"there is no mass send {msgid!r}; there are: {', '.join(self._of_id) or 'none'}")
        part = mass.parts.get(userid)
        if part is None:
            raise NoSense(f"{userid!r} has nothing to send in {msgid}; these have: {', '.join(mass.parts)}")
        if mass.cancelled and part.status == OPEN:
            raise NoSense(f"{msgid} was cancelled: {userid} sees no task any more")
        return mass, part

    def _send(self, mass: MassSend, part: Part) -> None:
        now = self._company.clock.now()
        part.status, part.sent_at = DONE, now
        for receiver, result in part.to.items():
            result.status, result.at = self._fate(mass, part.userid, receiver, now), now
        reached = [receiver for receiver, result in part.to.items() if result.status == SENT]
        for receiver in reached:
            self._received[receiver, day_of(now)] += 1
            self._say(mass, part.userid, receiver)

    def _fate(self, mass: MassSend, userid: str, receiver: str, now: int) -> int:
        company = self._company
        if mass.chat_type == SINGLE and company.customers.follow(userid, receiver) is None:
            return NO_CONTACT
        group = company.groups.find(receiver) if mass.chat_type == GROUP else None
        if mass.chat_type == GROUP and (group is None or group.owner != userid):
            return NO_CONTACT
        return HAD_ANOTHER if self._received[receiver, day_of(now)] >= company.settings.mass_sends_a_day else SENT

    def _say(self, mass: MassSend, userid: str, receiver: str) -> None:
        company = self._company
        group = company.groups.find(receiver) if mass.chat_type == GROUP else None
        everybody = (member.id for member in company.groups.members(group)) if group else iter((receiver,))
        to = tuple(person for person in everybody if person != userid)
        for kind, body in words_for(company, mass.text, mass.attachments):
            company.said(userid, to, kind, body, chat_id=receiver if group else "")

    # What calls do.

    def cancel(self, msgid: str) -> None:
        """Parts not sent yet never will be. Raises Refusal 41047, 41093."""
        mass = self.get(msgid)
        if mass.cancelled:
            raise Refusal(41093)
        mass.cancelled = True

    def remind(self, msgid: str) -> None:
        """Raises Refusal 41047, 41063, 41093, 41094."""
        mass = self.ready(msgid)
        if mass.cancelled:
            raise Refusal(41093)
        now = self._company.clock.now()
        mass.reminded_at = [at for at in mass.reminded_at if at > now - REMINDERS_SPAN]
        if len(mass.reminded_at) >= REMINDERS:
            raise Refusal(41094)
        mass.reminded_at.append(now)
        for part in mass.parts.values():
            if part.status == OPEN:
                self._follow_habit(mass, part.userid, self.habit(part.userid).when_reminded)

    def _follow_habit(self, mass: MassSend, userid: str, share: float) -> None:
        if share > 0 and self._company.dice.random() < share:
            self._company.agenda.after(self.habit(userid).after, lambda: self._confirm_by_habit(mass, userid))

    def _confirm_by_habit(self, mass: MassSend, userid: str) -> None:
        staff = self._company.directory.find(userid)
        if not mass.cancelled and staff is not None and staff.works and mass.parts[userid].status == OPEN:
            self._send(mass, mass.parts[userid])


def shared_out(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """(who, whom) as who -> whom."""
    found: dict[str, list[str]] = {}
    for who, whom in pairs:
        found.setdefault(who, []).append(whom)
    return found
