"""Faults planted into the product one at a time: the judge of the lives has to see each of them.

    found(fault, seeds) -> Found

A fault which no life shows would be a hole in what the lives prove. `bench/sop.py mutants` plants all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from django.db.models import Q

from huoqun.carriers.base import CutOff
from huoqun.community.models import Membership
from huoqun.sop.models import Line, Run
from huoqun.sop.rules.moves import Moves
from huoqun.sop.rules.states import LineState
from huoqun.sop.tests.verdicts import live
from huoqun.sop.whom import Meant
from huoqun.vocabulary.outcomes import TryLater

Plant = Callable[[], AbstractContextManager[object]]
OPERATIONS = "huoqun.sop.operations"


@dataclass(frozen=True)
class Mutant:
    name: str
    plant: Plant
    seen: str
    """In the judge's words; another complaint would be a matter of luck."""
    within: int = 60
    """Lives."""


@dataclass(frozen=True)
class Found:
    mutant: Mutant
    after: int | None
    """Lives; None: it was not seen."""
    words: str = ""


def found(mutant: Mutant, seeds: Iterable[int]) -> Found:
    """A life that breaks off has not shown anything: the fault is to be seen by its effect."""
    with mutant.plant():
        for number, seed in enumerate(seeds, 1):
            for words in live(seed).wrong:
                if mutant.seen in words:
                    return Found(mutant, number, words)
    return Found(mutant, None)


# Ways of planting


def instead(*targets: str, of: object) -> Plant:
    """In all these places."""

    @contextmanager
    def planted() -> Iterator[None]:
        with ExitStack() as stack:
            for target in targets:
                stack.enter_context(patch(target, of))
            yield

    return planted


def around(target: str, wrapper: Callable[..., Any], *also: str) -> Plant:
    """`wrapper` gets what was there, then the arguments; `also`: where it is known by its name too."""
    real = _there(target)

    def planted(*arguments: Any, **more: Any) -> Any:
        return wrapper(real, *arguments, **more)

    return instead(target, *also, of=planted)


def _there(target: str) -> Any:
    module, _, name = target.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError:
        return getattr(_there(module), name)


def nothing(*_arguments: Any, **_more: Any) -> int:
    return 0


def always(value: object) -> Callable[..., Any]:
    return lambda *_arguments, **_more: value


# Faults


def _cut_off_is_not_sent(real: Any, ending: Any, *more: Any, **rest: Any) -> Any:
    """Sent again though it may be out."""
    return real(TryLater(after=timedelta(seconds=5), reason="") if isinstance(ending, CutOff) else ending, *more, **rest)


def _without_end(real: Any, asks: Sequence[Any], **more: Any) -> Any:
    return real([replace(ask, expires=None) for ask in asks], **more)


def _without_hours(real: Any, asks: Sequence[Any], **more: Any) -> Any:
    return real([replace(ask, quiet=None) for ask in asks], **more)


def _without_dissolving(real: Any, asks: Sequence[Any], **more: Any) -> Any:
    return real([ask for ask in asks if type(ask.action).__name__ != "DissolveGroup"], **more)


def _says_it_ended(real: Any, *arguments: Any, **more: Any) -> Any:
    laid = real(*arguments, **more)
    if laid.line.kind != "end" or laid.line.state == LineState.SKIPPED:
        return laid
    laid.line.state, laid.line.settled_at = LineState.DONE, laid.line.at
    return replace(laid, asks=())


def _without_reason(real: Any, *arguments: Any, **more: Any) -> Any:
    laid = real(*arguments, **more)
    laid.line.reason = ""
    return laid


def _second_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Of an hour that comes twice the second."""
    return datetime.combine(day, at, zone).replace(fold=1).astimezone(UTC)


def _winter_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    offset = datetime(day.year, 1, 1, tzinfo=zone).utcoffset() or timedelta(0)
    return datetime.combine(day, at, UTC) - offset


def _thirtieth(rule: str, **more: Any) -> Any:
    return rrulestr(rule.replace("BYMONTHDAY=-1", "BYMONTHDAY=30"), **more)


def _forgets_one(real: Any, *arguments: Any, **more: Any) -> Any:
    return list(real(*arguments, **more))[:-1]


def _twice(real: Any, launch: Any, wanted: Iterable[Any], **more: Any) -> Any:
    rows = list(wanted)
    return real(launch, rows + [replace(each, key=f"{each.key}/again") for each in rows], **more)


def _done_again(real: Any, keys: Sequence[int], *more: Any, **rest: Any) -> Any:
    """What was done is forgotten when a run takes another version."""
    Line.objects.filter(run__in=list(keys), state=LineState.DONE).delete()
    return real(keys, *more, **rest)


def _lost_when_moved(real: Any, run: Run, *more: Any) -> None:
    real(run, *more)
    run.place = len(run.version.book.steps)


def _any_time(real: Any, line: Any, step: Any, event: Any, house: Any) -> Any:
    far = datetime(2099, 1, 1, tzinfo=UTC)
    seen = SimpleNamespace(run=line.run, at=datetime(2000, 1, 1, tzinfo=UTC), latest=far)
    return real(seen, step, event, house)


def _straight_on(_book: Any, place: int, _line: Any) -> int:
    return place + 1


def _one_further(_book: Any, place: int, _line: Any) -> int:
    return place + 2


def _early(real: Any, *arguments: Any, **more: Any) -> Any:
    return real(*arguments, **more) - timedelta(hours=2)


def _a_day_more(real: Any, at: datetime, minutes: int, zone: ZoneInfo) -> Any:
    return real(at, minutes + 1440, zone)


def _is_monday_to_friday(calendar: Any, on: date) -> bool:
    return on.weekday() < 5 and not calendar.is_holiday(on)


def _to_some_twice(real: Any, asks: Sequence[Any], **more: Any) -> Any:
    again = [replace(ask, key=f"{ask.key}/again") for ask in asks if "/to/" in ask.key]
    return real([*asks, *again], **more)


def _whoever_was_here(here: Any) -> Any:
    """Also those who are no more."""
    groups = here.order_by().values("group")
    return Membership.objects.filter(group__in=groups, identity__person__house="")


def _all_of_them(_step: Any, people: Sequence[Any]) -> Meant:
    return Meant(tuple(people), len(people))


def _gone_unseen() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch(f"{OPERATIONS}.starting._leave", nothing))
    stack.enter_context(patch(f"{OPERATIONS}.planning.gone", always(set())))
    return stack


def _in_pieces() -> AbstractContextManager[object]:
    """A crash may come between a line and its request."""
    loose = SimpleNamespace(atomic=nullcontext)
    return patch(f"{OPERATIONS}.planning.transaction", loose)


def _told_before_written() -> AbstractContextManager[object]:
    """What became of a request is told before it is written down, each by itself: a crash between them tells what is not so."""
    recording = import_module("huoqun.outbox.operations.recording")
    real = recording.announce_settled

    def lost(settled: Iterable[Any], **more: Any) -> None:
        rows = list(settled)
        real(rows[: len(rows) // 2], **more)

    return patch("huoqun.outbox.operations.recording.announce_settled", lost)


MUTANTS = (
    Mutant("what may be out is sent again", around("huoqun.outbox.loop.effect_of", _cut_off_is_not_sent), "was done 2 times"),
    Mutant("the carrier's answer is not told to the run", _told_before_written, "its line says"),
    Mutant("a line and its request are not written together", _in_pieces, "in the end", within=300),
    Mutant("to-dos are not given", instead(f"{OPERATIONS}.planning.give_many", of=nothing), "in the end"),
    Mutant(
        "a dead worker's requests are left lying", instead("huoqun.outbox.loop.take_over", of=nothing), "nothing comes to rest"
    ),
    Mutant("overdue to-dos are never closed", instead("huoqun.sop.loop.close_overdue", of=nothing), "in the end"),
    Mutant("a step has no end of its time", around(f"{OPERATIONS}.planning.ask_many", _without_end), ", after "),
    Mutant("hours are forgotten when it is late", around(f"{OPERATIONS}.planning.ask_many", _without_hours), "outside of"),
    Mutant(
        "hours are forgotten when it is planned",
        instead("huoqun.sop.rules.moments.into", f"{OPERATIONS}.hours.into", of=lambda _window, due, _zone: due),
        "is planned for",
    ),
    Mutant("steps are two hours early", around(f"{OPERATIONS}.planning.moment", _early), "is planned for"),
    Mutant("a wait forgets its limit", instead(f"{OPERATIONS}.planning._over", of=always(None)), "in the end"),
    Mutant("a wait takes what comes at any time", around(f"{OPERATIONS}.waiting._is_it", _any_time), "says somebody spoke"),
    Mutant(
        "what was not heard in time is lost",
        instead(f"{OPERATIONS}.planning.came_unheard", of=always({})),
        "gave up waiting",
        within=300,
    ),
    Mutant(
        "what came before the wait was written is lost",
        instead(f"{OPERATIONS}.looking_back.came_at", of=always({})),
        "gave up waiting",
        within=300,
    ),
    Mutant("the end of a group is not asked for", around(f"{OPERATIONS}.planning.ask_many", _without_dissolving), "flash"),
    Mutant("the end of a group is only said", around(f"{OPERATIONS}.planning.lay", _says_it_ended), "says it is over"),
    Mutant("a message to somebody who left", _gone_unseen, "who had left"),
    Mutant(
        "a step is left out without a reason",
        around(f"{OPERATIONS}.laying.left_out", _without_reason, f"{OPERATIONS}.planning.left_out"),
        "does not say why",
    ),
    Mutant(
        "a step is left out without a line",
        instead(f"{OPERATIONS}.planning.next_place", of=_one_further),
        "there is no line for",
    ),
    Mutant("a branch goes straight on", instead(f"{OPERATIONS}.planning.next_place", of=_straight_on), "is off its way"),
    Mutant("a refusal does not end the run", instead(f"{OPERATIONS}.planning.ends", of=always(False)), "is off its way"),
    Mutant(
        "an hour that comes twice is taken the second time",
        instead("huoqun.sop.rules.moments.local", f"{OPERATIONS}.calendar.local", of=_second_time),
        "",
    ),
    Mutant(
        "summer time is forgotten",
        instead("huoqun.sop.rules.moments.local", f"{OPERATIONS}.calendar.local", of=_winter_time),
        "",
    ),
    Mutant("every month has thirty days", instead(f"{OPERATIONS}.calendar.rrulestr", of=_thirtieth), ""),
    Mutant("a newcomer is overlooked", around(f"{OPERATIONS}.starting._beginning", _forgets_one), "nothing began for"),
    Mutant("a newcomer begins twice", around(f"{OPERATIONS}.starting.begin", _twice), "began twice"),
    Mutant("a day begins twice", around(f"{OPERATIONS}.calendar.begin", _twice), "began twice"),
    Mutant(
        "two playbooks in one hour",
        instead(f"{OPERATIONS}.hours.placed", of=lambda due, *_arguments, **_more: due),
        "are of two playbooks",
    ),
    Mutant(
        "a pause holds nothing",
        instead("huoqun.outbox.operations.settling.hold", f"{OPERATIONS}.changing.outbox.hold", of=nothing),
        "its run was paused",
    ),
    Mutant("a paused launch goes on", instead(f"{OPERATIONS}.launching.outbox.pause", of=nothing), "its run was paused"),
    Mutant("what was held is never let go", instead(f"{OPERATIONS}.changing.outbox.release", of=nothing), "is still held"),
    Mutant("what is stopped goes out", instead(f"{OPERATIONS}.changing.outbox.cancel", of=nothing), "its run was stopped"),
    Mutant("another version does it all again", around(f"{OPERATIONS}.moving._move", _done_again), "was done 2 times", 300),
    Mutant(
        "another version loses the rest", around(f"{OPERATIONS}.moving._go_on_with", _lost_when_moved), "there is no line for"
    ),
    Mutant("a moved step stays where it was", instead(f"{OPERATIONS}.planning.moves_of", of=always(Moves())), "was dragged to"),
    Mutant(
        "a moved step is a day off",
        around("huoqun.sop.rules.moves.shifted", _a_day_more, f"{OPERATIONS}.retiming.shifted"),
        "was dragged to",
    ),
    Mutant("evidence is not asked for", instead(f"{OPERATIONS}.proving.PROOFS", of=()), "nobody showed it"),
    Mutant(
        "a to-do is done without its evidence",
        instead("huoqun.ownership.operations.doing.UNSHOWN", of=Q(pk=None)),
        "nobody had shown",
    ),
    Mutant("days off are working days", instead("huoqun.sop.rules.days_off.fits", of=always(True)), "a day off"),
    Mutant(
        "nobody makes up for a day off",
        instead("huoqun.sop.holidays.arrangement.Calendar.is_workday", of=_is_monday_to_friday),
        "",
        within=200,
    ),
    Mutant("a message for a role goes to somebody twice", around(f"{OPERATIONS}.planning.ask_many", _to_some_twice), "twice"),
    Mutant(
        "a message for a role goes to whoever left",
        instead("huoqun.sop.whom._guests", of=_whoever_was_here),
        "who had left",
        300,
    ),
    Mutant("a message for a role goes to all", instead("huoqun.sop.whom._cut", of=_all_of_them), ", and may to"),
    Mutant("nothing begins anew", instead(f"{OPERATIONS}.moving.begin", of=nothing), "was to begin anew"),
)
