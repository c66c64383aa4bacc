"""Nothing goes wrong any more, and time passes until nothing is left to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Run
from huoqun.sop.rules.states import LineState, RunState
from huoqun.sop.tests import days_off
from huoqun.sop.tests.deciding import WithDecisions

REASONABLE = 600

LONGEST_NAP = timedelta(hours=18)
"""Less than the day that is planned ahead: who sleeps longer may miss something."""

NIGHT = timedelta(hours=3)

SLACK = (20, 120, 300)
"""Nobody looks at the very second; many things fall due within minutes of each other."""


class WithRest(WithDecisions):
    def come_to_rest(self) -> None:
        """Nothing goes wrong any more; time passes until nothing is left to do."""
        self.world.lift_faults()
        self.go_on()
        self._note()
        longest = self.last_beginning() + timedelta(hours=26)
        for number in range(REASONABLE):
            self.workers[number % 2].dry()
            if number == 1:
                self._nothing_is_held()
            if number % 4 == 3:
                self.tap()
            self._note()
            if self.now > longest and not self.is_open():
                self._count_nights()
                return
            self.goes_on(self.until_something_is_due())
        open_runs = [
            f"{run.pk} {run.state} at {run.place}, next {run.next_at}" for run in Run.objects.filter(state=RunState.GOING)
        ]
        waiting = [str(row) for row in Request.objects.filter(state__in=REQUESTED)]
        self.complain(f"nothing comes to rest: {open_runs[:3]} {waiting[:3]}")

    def _nothing_is_held(self) -> None:
        """What was held with a run goes on with it: left behind, it would expire and say that it came too late."""
        held = Request.objects.filter(state=RequestState.HELD, room="sop").order_by("pk")
        for key in held.values_list("key", flat=True):
            self.complain(f"{key} is still held, and nothing is paused")

    def last_beginning(self) -> datetime:
        """Nothing begins by the calendar after it."""
        found = [self.now]
        for launch in Launch.objects.exclude(state=Launch.State.ENDED).select_related("version"):
            plain = launch.version.plain
            for start in plain["starts"]:
                said = start.get("until", start.get("date"))
                modes = {start.get("holidays") or plain.get("holidays", "as_usual"), plain.get("holidays", "as_usual")}
                days = [days_off.counted(date.fromisoformat(str(said)), 0, mode, named=False) for mode in modes if said]
                found += [datetime.combine(day, time.max, self.zone) for day in days]
            found += [launch.event_at] if launch.event_at else []
        return max(found)

    def _count_nights(self) -> None:
        here = [self.born.astimezone(self.zone) + timedelta(days=days) for days in range((self.now - self.born).days + 1)]
        happened, days = self.verdict.happened, {each.day for each in here[1:]}
        happened["clocks were changed"] += len({each.utcoffset() for each in here}) > 1
        happened["a month ended"] += 1 in days
        times = {datetime.fromtimestamp(deed.at / 1000, UTC).astimezone(self.zone) for deed in self.world.deeds()}
        happened["deeds in a night of changed clocks"] += sum(is_changed(at) for at in times)

    def is_open(self) -> bool:
        going = Run.objects.filter(state=RunState.GOING).exclude(lines__state=LineState.UNKNOWN)
        return going.exists() or Request.objects.filter(state__in=REQUESTED).exists() or TAPPED.exists()

    def until_something_is_due(self) -> timedelta:
        due = [
            first_of(Run.objects.filter(state=RunState.GOING), "next_at"),
            first_of(Request.objects.all(), "next_try_at"),
            first_of(Todo.objects.filter(state=TodoState.OPEN), "expires_at"),
            self.now + LONGEST_NAP,
        ]
        if TAPPED.exists() or Request.objects.filter(state=RequestState.LEASED).exists():
            due.append(self.now + timedelta(seconds=90))
        first = min(each for each in due if each)
        slack = timedelta(seconds=self.chance.choice(SLACK))
        return min(max(first - self.now, timedelta(seconds=61)) + slack, LONGEST_NAP)


def is_changed(at: datetime) -> bool:
    """The clock is changed within three hours of it."""
    before, after = (moment.astimezone(UTC).astimezone(at.tzinfo) for moment in (at - NIGHT, at + NIGHT))
    return before.utcoffset() != after.utcoffset()


def first_of(rows: QuerySet[Any], moment: str) -> datetime | None:
    found: datetime | None = rows.filter(**{f"{moment}__isnull": False}).order_by(moment).values_list(moment, flat=True).first()
    return found


TAPPED = Todo.objects.filter(state=TodoState.DONE, settled_at=None)
"""It can still be taken back."""

REQUESTED = (RequestState.WAITING, RequestState.LEASED, RequestState.HELD, RequestState.CONFIRMING)
