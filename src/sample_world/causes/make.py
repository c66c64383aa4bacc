"""Makes a world of cases: deals them out, plays every group, writes files and the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sample_world import files
from sample_world.dice import Dice
from sample_world.life.membership import House
from sample_world.lived import Lived
from sample_world.make import World, Written
from sample_world.organisations import ORGANISATIONS, Kind, Organisation
from sample_world.people import Person, shared_people

from . import opening, truth
from .cases import Case, deal
from .opening import Ground, Group
from .play import TALK, Ahead, play
from .settings import DEVELOPMENT, Settings

DEALING, MEETING, PLACING, LIVING, AHEAD, GAPS = range(100, 106)
"""What dice are thrown for; other numbers than `sample_world.make` uses."""
KIN = 6
"""People that a group too small shares with the one it could be merged with."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case is played."""

    case: Case
    kind: Kind
    carrier: str
    operator: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Gap:
    """An account whose record stops: at which second, and whether comings and goings are still recorded."""

    at: float
    talk_only: bool


@dataclass(slots=True)
class Told:
    """A group after its life, with its truth."""

    group: Group
    ahead: Ahead
    lived: Lived
    gap: Gap | None


def make_cases(folder: Path, *, seed: int, until: datetime, groups: int = 300, settings: Settings = DEVELOPMENT) -> World:
    """Write a world of `groups` cases over `settings.days` days before `until`; the same arguments write the same bytes.

    Same files as `sample_world.make`; `truth.json` says more: see the README. `until` is aware and midnight in the setting's
    zone, or is taken back to it. Raises ValueError for a world too small to hold a case for each organisation.
    """
    _check(until, groups, settings)
    zone = ZoneInfo(settings.zone)
    first_day = _midnight(until, zone).date() - timedelta(days=settings.days)
    until = _midnight(until, zone)
    written, truths = [], {}
    dealt = _dealt(groups, settings, Dice(seed, DEALING))
    for number, (slug, kinds) in enumerate(settings.organisations):
        organisation = next(known for known in ORGANISATIONS if known.slug == slug)
        told = list(_play(organisation, kinds, dealt[number], number, first_day, until, seed, settings))
        written.append(_write(folder / slug, organisation, settings, told))
        truths[slug] = truth.of(told)
    truth_of_all = {
        "seed": seed,
        "settings": settings.name,
        "until": until.isoformat(),
        "days": settings.days,
        "zone": settings.zone,
        "organisations": truths,
    }
    files.write_json(folder / "truth.json", truth_of_all)
    return World(folder, seed, until, tuple(written))


def _check(until: datetime, groups: int, settings: Settings) -> None:
    if until.tzinfo is None:
        raise ValueError("until has no time zone: give an aware datetime, e.g. 2026-11-20T00:00+08:00")
    if groups < len(settings.organisations):
        raise ValueError(f"groups={groups}: give at least one for each of the {len(settings.organisations)} organisations")
    if settings.days < 120:
        raise ValueError(f"days={settings.days}: causes need room to set in and to work, give at least 120")


def _midnight(until: datetime, zone: ZoneInfo) -> datetime:
    there = until.astimezone(zone)
    return datetime(there.year, there.month, there.day, tzinfo=zone)


def _dealt(groups: int, settings: Settings, dice: Dice) -> list[list[Case]]:
    """Every organisation gets an even part of all cases; kin stay together, groups of a silent account too."""
    count = len(settings.organisations)
    return [
        deal(groups // count + (number < groups % count), settings, Dice(dice.whole(0, 1 << 30), number))
        for number in range(count)
    ]


def _play(
    organisation: Organisation,
    kinds: tuple[str, ...],
    cases: list[Case],
    number: int,
    first_day: date,
    until: datetime,
    seed: int,
    settings: Settings,
) -> Iterator[Told]:
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=ZoneInfo(settings.zone)).timestamp()
    dice = Dice(seed, number, PLACING)
    chosen = [kind for kind in organisation.kinds if kind.name in kinds]
    places = _places(organisation, chosen, cases, dice)
    carriers = sorted({place.carrier for place in places})
    pools = {
        carrier: shared_people(carrier, max(40, 10 * len(cases)), Dice(seed, number, MEETING, n))
        for n, carrier in enumerate(carriers)
    }
    ground = Ground(
        organisation, _house(organisation), pools, _kin(places, seed, number), midnight, until.timestamp(), first_day, settings
    )
    gap = _gap(ground, Dice(seed, number, GAPS))
    for place_number, place in enumerate(places):
        own = Dice(seed, number, LIVING, place_number)
        group = opening.settle(place_number, place.case, place.kind, place.carrier, place.operator, ground, own)
        ahead = play(group, Dice(seed, number, AHEAD, place_number))
        yield _told(group, ahead, None if place.case.recorded else gap)


def _places(organisation: Organisation, kinds: Sequence[Kind], cases: list[Case], dice: Dice) -> list[Place]:
    """Kinds in turn. The last account is the one that falls silent where one does: all of its groups, and no others, on one
    carrier. Kin are of one kind, carrier and operator."""
    *others, silent = [operator[:2] for operator in organisation.operators]
    silent_carrier = dice.pick(dice.pick(kinds).carriers)
    fitting = [kind for kind in kinds if silent_carrier in kind.carriers]
    kin: dict[int, tuple[Kind, str, tuple[str, str]]] = {}
    places = []
    for case in dice.shuffled(cases):
        kind = dice.pick(kinds) if case.recorded else dice.pick(fitting)
        where = (
            kind,
            dice.pick(kind.carriers) if case.recorded else silent_carrier,
            dice.pick(others) if case.recorded else silent,
        )
        if case.kin is not None:
            where = kin.setdefault(case.kin, where)
        places.append(Place(case, *where))
    return places


def _kin(places: Sequence[Place], seed: int, number: int) -> dict[int, tuple[Person, ...]]:
    carriers = {place.case.kin: place.carrier for place in places if place.case.kin is not None}
    return {
        kin: shared_people(carriers[kin], KIN, Dice(seed, number, MEETING, 100 + kin)) for kin in carriers if kin is not None
    }


def _house(organisation: Organisation) -> House:
    return House(
        staff={login: Person(f"{organisation.slug}_{login}", name) for login, name, _ in organisation.operators},
        bot=Person(f"{organisation.slug}_bot", organisation.bot),
        helpers=[Person(f"{organisation.slug}_h{n + 1:02d}", name) for n, name in enumerate(organisation.helpers)],
    )


def _gap(ground: Ground, dice: Dice) -> Gap:
    back = dice.between(4.0, 40.0) * 86_400
    return Gap(float(int(ground.until - back)), dice.chance(0.5))


def _told(group: Group, ahead: Ahead, gap: Gap | None) -> Told:
    scene = group.society.scene
    group.plan.course.level = [group.society.level.get(day, 0.0) for day in range(group.plan.days)]
    rows = [row for row in scene.ledger.rows if row.at >= scene.midnight or row.kind in ("join", "leave", "group_created")]
    if gap is not None:
        rows = [row for row in rows if row.at < gap.at or (gap.talk_only and row.kind in ("join", "leave"))]
    for row in rows:
        if row.reply_to is not None and row.reply_to.at < scene.midnight:
            row.reply_to = None
    scene.ledger.rows = rows
    return Told(group, ahead, Lived(group.plan, scene, scene.ledger.in_order(scene.until, 100_001)), gap)


def _write(folder: Path, organisation: Organisation, settings: Settings, told: Sequence[Told]) -> Written:
    folder.mkdir(parents=True, exist_ok=True)
    lived = [one.lived for one in told]
    table = files.talk_table(lived)
    files.write_talk(folder / "talk.parquet", table)
    files.write_groups(folder / "groups.csv", lived)
    files.write_house(folder / "house.csv", lived)
    names = {"slug": organisation.slug, "name": organisation.name, "zone": settings.zone}
    files.write_json(folder / "community.json", names)
    people = {row.author.person.id for life in lived for row in life.rows if row.author is not None}
    messages = sum(row.kind in TALK for life in lived for row in life.rows)
    return Written(organisation.slug, folder, len(lived), len(people), messages, table.num_rows)
