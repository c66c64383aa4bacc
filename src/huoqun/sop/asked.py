"""What branches ask that is not at hand: looked up for all runs of a batch at once, and only if one of them really asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from huoqun.community.models import Contact, Group, Identity, Membership, Person
from huoqun.history.counting import orders_in, orders_of, speakers_in
from huoqun.history.store import open_store
from huoqun.sop.holidays import known
from huoqun.sop.models import Run
from huoqun.sop.rules.answers import Value, kinds_of
from huoqun.sop.steps.branch import KINDS_OF_DAY, Question

WEEK = 7
OF_HISTORY = ("orders", "speakers")


class NotRead(LookupError):
    """It was not read ahead, and must not be read now."""


class Lookups:
    """Of these runs, as of `now`. `ahead`: what was read of history before; then nothing is read of it any more, and what is
    asked all the same raises NotRead.
    """

    def __init__(self, runs: Sequence[Run], *, now: datetime, ahead: Lookups | None = None) -> None:
        self._runs, self._now, self._ahead = runs, now, ahead
        self._asking = {run.pk for run in runs}
        self._counts: dict[tuple[str, int], Mapping[int, int]] = {}

    def value(self, question: Question, run: Run, at: datetime) -> Value:
        """None: it is none of these questions, or nobody knows."""
        asks: dict[str, Callable[[Question, Run, datetime], Value]] = {
            "orders": self._orders,
            "speakers": self._speakers,
            "tags": self._tags,
            "days_since_join": self._days_since_join,
            "day": self._day,
        }
        ask = asks.get(question.about)
        return ask(question, run, at) if ask else None

    # History

    def _orders(self, question: Question, run: Run, at: datetime) -> Value:
        about = "orders_of" if run.member is not None else "orders_in"
        counts = self._counted(run, about, question.days)
        return counts.get(run.member.person_id if run.member is not None else run.group.key, 0)

    def _speakers(self, question: Question, run: Run, at: datetime) -> Value:
        if run.group.deaf:
            return None
        return self._counted(run, "speakers", question.days or WEEK).get(run.group.key, 0)

    def _counted(self, run: Run, about: str, days: int) -> Mapping[int, int]:
        home = run.launch.community
        place = (f"{about}/{home.pk}", days)
        if self._ahead is not None:
            return self._ahead.read_before(place, run)
        if place not in self._counts:
            since = self._now - timedelta(days=days) if days else None
            count = {
                "orders_of": self._orders_by_person,
                "orders_in": self._orders_by_group,
                "speakers": self._speakers_by_group,
            }
            self._counts[place] = count[about](home.slug, since)
        return self._counts[place]

    def read_before(self, place: tuple[str, int], run: Run) -> Mapping[int, int]:
        if run.pk not in self._asking or place not in self._counts:
            raise NotRead(place)
        return self._counts[place]

    def _groups(self, slug: str) -> list[int]:
        return sorted({run.group.key for run in self._runs if run.launch.community.slug == slug})

    def _orders_by_group(self, slug: str, since: datetime | None) -> Mapping[int, int]:
        return orders_in(open_store(), slug, self._groups(slug), start=since)

    def _orders_by_person(self, slug: str, since: datetime | None) -> Mapping[int, int]:
        people = {run.member.person_id for run in self._runs if run.member is not None}
        whose = dict(Identity.objects.filter(person__in=people).values_list("key", "person"))
        found: dict[int, int] = {}
        for key, number in orders_of(open_store(), slug, list(whose), start=since).items():
            found[whose[key]] = found.get(whose[key], 0) + number
        return found

    def _speakers_by_group(self, slug: str, since: datetime | None) -> Mapping[int, int]:
        house = Identity.objects.filter(community__slug=slug).exclude(person__house="")
        without = list(house.values_list("key", flat=True))
        return speakers_in(open_store(), slug, self._groups(slug), start=since, without=without)

    # What is kept of people and groups

    def _tags(self, question: Question, run: Run, at: datetime) -> Value:
        if run.member is not None:
            return self._tags_of_people.get(run.member.person_id, ())
        return self._tags_of_groups.get(run.group_id, ())

    @cached_property
    def _tags_of_groups(self) -> Mapping[int, tuple[str, ...]]:
        rows = Group.objects.filter(pk__in={run.group_id for run in self._runs}, tags__isnull=False)
        return _gathered(rows.values_list("pk", "tags__name"))

    @cached_property
    def _tags_of_people(self) -> Mapping[int, tuple[str, ...]]:
        """Ours, and those a colleague has put on them on the carrier."""
        people = {run.member.person_id for run in self._runs if run.member is not None}
        ours = Person.objects.filter(pk__in=people, tags__isnull=False).values_list("pk", "tags__name")
        known_ = Contact.objects.filter(identity__person__in=people, lost_at__isnull=True)
        theirs = [(who, tag) for who, tags in known_.values_list("identity__person", "tags") for tag in tags or ()]
        return _gathered([*ours, *theirs])

    def _days_since_join(self, question: Question, run: Run, at: datetime) -> Value:
        joined = self._joined.get((run.group_id, run.member_id or 0))
        return None if joined is None else max(0, (at - joined) // timedelta(days=1))

    @cached_property
    def _joined(self) -> Mapping[tuple[int, int], datetime | None]:
        rows = Membership.objects.filter(
            group__in={run.group_id for run in self._runs}, identity__in={run.member_id for run in self._runs if run.member_id}
        )
        return {(group, who): joined for group, who, joined in rows.values_list("group", "identity", "joined_at")}

    def _day(self, question: Question, run: Run, at: datetime) -> Value:
        """Nobody knows of a holiday in a year that is not arranged yet."""
        calendar, day = known(), at.astimezone(ZoneInfo(run.launch.community.zone)).date()
        if day.year not in calendar.arrangements and set(question.one_of) & set(KINDS_OF_DAY[2:]):
            return None
        return kinds_of(day, is_workday=calendar.is_workday(day), is_holiday=calendar.is_holiday(day))


def _gathered(pairs: Iterable[tuple[int, str]]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for key, name in pairs:
        found[key] = (*found.get(key, ()), name)
    return found
