"""Makes a world: plans every group, plays it, writes files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from . import files, truth
from .dice import Dice
from .fates import PORTFOLIO, deal
from .life import live
from .life.membership import House
from .life.scene import Scene
from .lived import Lived
from .organisations import ORGANISATIONS, Kind, Organisation
from .people import Person, shared_people
from .plan import settle
from .tongue import Tongue

DEALING, STAFFING, MEETING, PLANNING, LIVING = range(5)
"""What dice are thrown for, so that one purpose never shifts another's throws."""


@dataclass(frozen=True, slots=True)
class Written:
    """One organisation's part of the world."""

    slug: str
    folder: Path
    groups: int
    people: int
    messages: int
    rows: int


@dataclass(frozen=True, slots=True)
class World:
    folder: Path
    seed: int
    until: datetime
    organisations: tuple[Written, ...]

    @property
    def groups(self) -> int:
        return sum(written.groups for written in self.organisations)

    @property
    def messages(self) -> int:
        return sum(written.messages for written in self.organisations)

    @property
    def people(self) -> int:
        return sum(written.people for written in self.organisations)


def make(
    folder: Path,
    *,
    seed: int,
    until: datetime,
    groups: int = PORTFOLIO,
    days: int = 180,
    organisations: Sequence[Organisation] = ORGANISATIONS,
) -> World:
    """Write a world of `groups` groups over the `days` days before `until`; the same arguments write the same bytes.

    `until` is aware; nothing happens at or after it. Raises ValueError for a world too small or too short to be one.
    """
    _check(until, groups, days, organisations)
    written, truths = [], {}
    for place, organisation in enumerate(organisations):
        lived = list(_live(organisation, place, seed=seed, until=until, days=days, share=groups / PORTFOLIO))
        written.append(_write(folder / organisation.slug, organisation, lived))
        truths[organisation.slug] = truth.of(lived)
    files.write_json(folder / "truth.json", {"seed": seed, "until": until.isoformat(), "days": days, "organisations": truths})
    return World(folder, seed, until, tuple(written))


def _check(until: datetime, groups: int, days: int, organisations: Sequence[Organisation]) -> None:
    if until.tzinfo is None:
        raise ValueError("until has no time zone: give an aware datetime, e.g. 2026-11-20T00:00+08:00")
    if days < 120:
        raise ValueError(f"days={days}: a life needs room to begin and to end, give at least 120")
    if groups < len(organisations):
        raise ValueError(f"groups={groups}: give at least one group for each of the {len(organisations)} organisations")


def _live(organisation: Organisation, place: int, *, seed: int, until: datetime, days: int, share: float) -> Iterator[Lived]:
    zone = ZoneInfo(organisation.zone)
    first_day = _first_day(until, zone, days)
    midnight = datetime(first_day.year, first_day.month, first_day.day, tzinfo=zone).timestamp()
    kinds = _kinds(organisation, share)
    operators = _operators(organisation, kinds, Dice(seed, place, STAFFING))
    fates = deal(kinds, [trouble for _, _, trouble in operators], Dice(seed, place, DEALING))
    staff, pools = _house(organisation, place), _pools(organisation, seed, place, len(kinds))
    for number, (kind, fate, operator) in enumerate(zip(kinds, fates, operators, strict=True)):
        plan = settle(number, organisation, kind, fate, operator[:2], first_day, days, Dice(seed, place, PLANNING, number))
        dice = Dice(seed, place, LIVING, number)
        scene = Scene(plan, dice, Tongue(plan.theme, dice, plan.local), midnight, until.timestamp())
        live.play(scene, staff, pools[plan.carrier])
        yield Lived(plan, scene, scene.ledger.in_order(until.timestamp(), 100_001))


def _first_day(until: datetime, zone: ZoneInfo, days: int) -> date:
    last = (until.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone).date()
    return last - timedelta(days=days - 1)


def _kinds(organisation: Organisation, share: float) -> list[Kind]:
    """Each kind as often as its share of the portfolio asks for, and at least one group in all."""
    kinds: list[Kind] = []
    owed = 0.0
    for kind in organisation.kinds:
        owed += kind.groups * share
        count = round(owed)
        kinds.extend([kind] * count)
        owed -= count
    return kinds or [organisation.kinds[0]]


def _operators(organisation: Organisation, kinds: Sequence[Kind], dice: Dice) -> list[tuple[str, str, float]]:
    return [dice.pick(organisation.operators) for _ in kinds]


def _house(organisation: Organisation, place: int) -> House:
    return House(
        staff={login: Person(f"{organisation.slug}_{login}", name) for login, name, _ in organisation.operators},
        bot=Person(f"{organisation.slug}_bot", organisation.bot),
        helpers=[Person(f"{organisation.slug}_h{number + 1:02d}", name) for number, name in enumerate(organisation.helpers)],
    )


def _pools(organisation: Organisation, seed: int, place: int, groups: int) -> dict[str, tuple[Person, ...]]:
    carriers = sorted({carrier for kind in organisation.kinds for carrier in kind.carriers})
    count = max(40, groups * 10)
    return {
        carrier: shared_people(carrier, count, Dice(seed, place, MEETING, number)) for number, carrier in enumerate(carriers)
    }


def _write(folder: Path, organisation: Organisation, lived: Sequence[Lived]) -> Written:
    folder.mkdir(parents=True, exist_ok=True)
    table = files.talk_table(lived)
    files.write_talk(folder / "talk.parquet", table)
    files.write_groups(folder / "groups.csv", lived)
    files.write_house(folder / "house.csv", lived)
    files.write_json(
        folder / "community.json", {"slug": organisation.slug, "name": organisation.name, "zone": organisation.zone}
    )
    people = {member.person.id for life in lived for member in life.scene.members}
    messages = sum(row.kind in files.TALK for life in lived for row in life.rows)
    return Written(organisation.slug, folder, len(lived), len(people), messages, table.num_rows)
