"""What every carrier promises when it tells what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from huoqun.carriers.base import Received, Unreachable, Unreadable
from huoqun.inbox import operations as inbox
from huoqun.inbox.models import Entry
from huoqun.vocabulary.events import Event
from tests.carriers.rigs import FastClock, Rig, Trouble

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pages(rig: Rig) -> list[Received]:
    """All there is, page after page."""
    found = [rig.carrier.receive("")]
    while found[-1].more:
        found.append(rig.carrier.receive(found[-1].cursor))
    return found


def events(received: Iterable[Received]) -> list[Event]:
    return [record for page in received for record in page.records if not isinstance(record, Unreadable)]


def by_id(found: Iterable[Event]) -> dict[str, Event]:
    return {each.source_id: each for each in found}


def test_everything_arrives_page_by_page_and_in_order(rig: Rig) -> None:
    rig.happen(1200)
    read = pages(rig)
    assert len(read) > 2
    told = events(read)
    assert len(told) == len(by_id(told)) == 1200
    assert [each.at for each in told] == sorted(each.at for each in told)
    assert not any(isinstance(record, Unreadable) for page in read for record in page.records)
    assert pages(rig) == read


def test_at_the_end_there_is_nothing_more_and_the_cursor_stays(rig: Rig) -> None:
    assert rig.carrier.receive("") == Received(records=(), cursor=rig.carrier.receive("").cursor, more=False)
    rig.happen(3)
    read = rig.carrier.receive("")
    assert rig.carrier.receive(read.cursor) == Received(records=(), cursor=read.cursor, more=False)
    rig.happen(1)
    assert len(rig.carrier.receive(read.cursor).records) == 1


def test_times_are_in_utc_and_ids_are_not_empty(rig: Rig) -> None:
    rig.happen(3)
    for event in events(pages(rig)):
        assert event.at == rig.clock.now()
        assert event.at.utcoffset() == timedelta(0)
        assert event.source_id
        assert event.group_id


@pytest.mark.parametrize("trouble", [Trouble.TWICE, Trouble.MIXED_UP])
def test_delivered_twice_or_out_of_order_it_is_the_same(rig: Rig, trouble: Trouble) -> None:
    rig.happen(40)
    rig.trouble(trouble, news=True)
    disturbed = events([rig.carrier.receive("")])
    calm = events([rig.carrier.receive("")])
    assert disturbed != calm
    assert by_id(disturbed) == by_id(calm)


def test_out_of_order_no_cursor_skips_anything(rig: Rig) -> None:
    rig.happen(1200)
    rig.trouble(Trouble.MIXED_UP, times=10, news=True)
    assert len(by_id(events(pages(rig)))) == 1200


def test_fields_nobody_has_heard_of_are_passed_over_and_strange_kinds_are_kept(rig: Rig) -> None:
    rig.happen(5)
    rig.trouble(Trouble.STRANGE_NEWS, news=True)
    strange = rig.carrier.receive("")
    assert events([strange]) == events([rig.carrier.receive("")])
    kept = [record for record in strange.records if isinstance(record, Unreadable)]
    assert kept
    for record in kept:
        assert record.raw
        assert record.field
        assert record.problem.endswith(".")


def test_an_outage_loses_nothing(rig: Rig) -> None:
    rig.happen(5)
    rig.trouble(Trouble.OUTAGE, times=2, news=True)
    for _ in range(2):
        with pytest.raises(Unreachable):
            rig.carrier.receive("")
    assert len(events(pages(rig))) == 5


@pytest.mark.parametrize("leap", [timedelta(days=-400), timedelta(days=400), timedelta(hours=-1)])
def test_a_clock_that_leaps_neither_loses_nor_repeats(rig: Rig, leap: timedelta) -> None:
    rig.happen(5)
    before = rig.carrier.receive("")
    rig.clock.leap(leap)
    rig.happen(5)
    after = rig.carrier.receive(before.cursor)
    assert len(after.records) == 5
    assert len(by_id(events([before, after]))) == 10


@pytest.mark.django_db
def test_the_log_keeps_a_delivery_once(rig: Rig) -> None:
    rig.happen(20)
    rig.trouble(Trouble.TWICE, news=True)
    assert inbox.store(events([rig.carrier.receive("")]), now=NOW) == 20
    rig.trouble(Trouble.MIXED_UP, news=True)
    assert inbox.store(events([rig.carrier.receive("")]), now=NOW) == 0
    assert Entry.objects.count() == 20


def test_a_fast_clock_moves_only_when_told() -> None:
    clock = FastClock()
    clock.sleep(1.5)
    clock.leap(timedelta(minutes=-1))
    assert clock.now() == NOW + timedelta(seconds=1.5, minutes=-1)
