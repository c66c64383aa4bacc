"""Customers and groups handed from one colleague to another: on the job, and after somebody has left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clock import day_of
from .errors import Refusal
from .groups import Group
from .records import Follow

if TYPE_CHECKING:
    from .company import Company

DONE, WAITING, REFUSED, FULL, NO_RECORD = 1, 2, 3, 4, 5
QUARTER = 90 * 86_400


@dataclass(slots=True)
class Handover:
    giver: str
    taker: str
    external_userid: str
    asked_at: int
    resigned: bool
    status: int = WAITING
    taken_at: int = 0
    message: str = ""


@dataclass(slots=True)
class Orphan:
    """A customer whose colleague has left."""

    giver: str
    follow: Follow
    left_at: int
    taken: bool = False


class Handovers:
    def __init__(self, company: Company) -> None:
        self._company = company
        self.all: list[Handover] = []
        self.orphans: list[Orphan] = []
        self._orphan: dict[tuple[str, str], Orphan] = {}
        self._waiting: dict[tuple[str, str], Handover] = {}
        self._done_on_job: dict[str, list[int]] = {}
        self._groups_today: Counter[tuple[str, int]] = Counter()

    # Groups.

    def take_a_group(self, new_owner: str) -> None:
        """Counts it. Raises Refusal(90507) beyond what one may take in a day (the code is not confirmed)."""
        day = day_of(self._company.clock.now())
        if self._groups_today[(new_owner, day)] >= self._company.settings.group_transfers_a_day:
            raise Refusal(90507)
        self._groups_today[(new_owner, day)] += 1

    def count_on_the_job(self, group: Group) -> None:
        """Raises Refusal(90506) if it was handed over too often lately (the code is not confirmed)."""
        since = self._company.clock.now() - QUARTER
        if sum(1 for at in group.transfers if at > since) >= self._company.settings.group_transfers_in_90_days:
            raise Refusal(90506)

    # Customers.

    def begin(self, giver: str, taker: str, external_userid: str, *, resigned: bool, message: str = "") -> Handover:
        """Raises Refusal with the reason that stands in the list of the answer."""
        pair = (giver, external_userid)
        if pair in self._waiting:
            raise Refusal(40129)
        self._check(giver, external_userid, resigned)
        if self._company.customers.follow(taker, external_userid) is not None and resigned:
            raise Refusal(40100, "takeover user already follows the customer")
        now = self._company.clock.now()
        made = Handover(giver, taker, external_userid, now, resigned, message=message)
        self.all.append(made)
        self._waiting[pair] = made
        settings = self._company.settings
        seconds = settings.resigned_transfer_seconds if resigned else settings.transfer_seconds
        self._company.agenda.after(seconds, lambda: self.finish(made))
        return made

    def _check(self, giver: str, external_userid: str, resigned: bool) -> None:
        if self._company.customers.find(external_userid) is None:
            raise Refusal(40096)
        if resigned:
            orphan = self._orphan.get((giver, external_userid))
            if orphan is None or orphan.taken:
                raise Refusal(40131)
            return
        if self._company.customers.follow(giver, external_userid) is None:
            raise Refusal(40131)
        since = self._company.clock.now() - QUARTER
        times = sum(1 for at in self._done_on_job.get(external_userid, ()) if at > since)
        if times >= self._company.settings.customer_transfers_in_90_days:
            raise Refusal(40128)

    def waiting(self, giver: str, external_userid: str) -> Handover | None:
        return self._waiting.get((giver, external_userid))

    def finish(self, handover: Handover) -> None:
        """What happens by itself when the time is over, unless the customer has refused."""
        if handover.status != WAITING:
            return
        company = self._company
        if company.customers.count_of_staff(handover.taker) >= company.settings.customers_per_staff:
            self.fail(handover, FULL)
            return
        handover.status, handover.taken_at = DONE, company.clock.now()
        self._waiting.pop((handover.giver, handover.external_userid), None)
        former = self._let_go(handover)
        self._take(handover, former)

    def _let_go(self, handover: Handover) -> Follow | None:
        company = self._company
        if handover.resigned:
            orphan = self._orphan[(handover.giver, handover.external_userid)]
            orphan.taken = True
            return orphan.follow
        self._done_on_job.setdefault(handover.external_userid, []).append(handover.taken_at)
        if company.customers.follow(handover.giver, handover.external_userid) is None:
            return None
        former = company.customers.unlink(handover.giver, handover.external_userid)
        fields = {"UserID": handover.giver, "ExternalUserID": handover.external_userid, "Source": "DELETE_BY_TRANSFER"}
        company.happened("change_external_contact", "del_external_contact", fields)
        return former

    def _take(self, handover: Handover, former: Follow | None) -> None:
        company = self._company
        if company.customers.follow(handover.taker, handover.external_userid) is not None:
            return
        follow = Follow(handover.taker, handover.external_userid, handover.taken_at, add_way=202, oper_userid=handover.giver)
        if former is not None:
            follow.remark, follow.description, follow.tags, follow.state = (
                former.remark,
                former.description,
                list(former.tags),
                former.state,
            )
        company.customers.link(follow)
        fields = {"UserID": handover.taker, "ExternalUserID": handover.external_userid}
        company.happened(
            "change_external_contact", "add_external_contact", fields | ({"State": follow.state} if follow.state else {})
        )

    def fail(self, handover: Handover, status: int) -> None:
        """The customer does not want to, or the taker's list is full."""
        handover.status = status
        self._waiting.pop((handover.giver, handover.external_userid), None)
        reason = "customer_refused" if status == REFUSED else "customer_limit_exceed"
        fields = {"UserID": handover.taker, "ExternalUserID": handover.external_userid, "FailReason": reason}
        self._company.happened("change_external_contact", "transfer_fail", fields)

    # Those whose colleague has left.

    def orphan(self, follow: Follow) -> None:
        made = Orphan(follow.userid, follow, self._company.clock.now())
        self.orphans.append(made)
        self._orphan[(follow.userid, follow.external_userid)] = made

    def unassigned(self, start: int = 0) -> Iterator[tuple[int, Orphan]]:
        for place in range(start, len(self.orphans)):
            if not self.orphans[place].taken:
                yield place, self.orphans[place]

    def between(self, giver: str, taker: str, *, resigned: bool, start: int = 0) -> Iterator[tuple[int, Handover]]:
        for place in range(start, len(self.all)):
            found = self.all[place]
            if (found.giver, found.taker, found.resigned) == (giver, taker, resigned):
                yield place, found
