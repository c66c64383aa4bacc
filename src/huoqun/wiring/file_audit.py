"""An audit of files alone: read into a history that is thrown away afterwards. No settings, no database, no set-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from huoqun.carriers import registry
from huoqun.carriers.base import Parsed, Unreadable
from huoqun.community.sightings import Sightings
from huoqun.health import engine
from huoqun.health.report.told import told
from huoqun.health.trial import Trial, audit_history
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.vocabulary.events import GroupEvent
from huoqun.wiring.batches import batches

COMMUNITY = "files"
BATCH = 50_000
SHOWN_UNREADABLE = 5

Report = Callable[[int, int, str], None]
Row = dict[str, Any]

NEED = ("declining", "dormant", "bubbling", "steady", "thriving", "dead", "planned_end", "")
"""What needs somebody first: a fall can still be stopped, and who fell asleep may wake up; the dead come after the lively."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    paths: Sequence[Path]
    zone: ZoneInfo | None = None
    """Of local times in the files, and in which days begin; None: nobody has said, days are cut in UTC."""
    as_of: date | None = None
    window: int = 7
    house: Mapping[str, str] = field(default_factory=dict)
    """{author_id: staff, helper or bot}: to be left out, whichever carrier the id is of."""


@dataclass(slots=True)
class Taken:
    """What came out of the files."""

    formats: list[str] = field(default_factory=list)
    seen: Sightings = field(default_factory=Sightings)
    records: int = 0
    unreadable: int = 0
    first_unreadable: list[Unreadable] = field(default_factory=list)

    def take(self, batch: list[Parsed], store: Store) -> None:
        events = [one for one in batch if isinstance(one, GroupEvent)]
        bad = [one for one in batch if isinstance(one, Unreadable)]
        store.add_new(rows_of(events))
        self.seen.take(events)
        self.records += len(events)
        self.unreadable += len(bad)
        self.first_unreadable += bad[: SHOWN_UNREADABLE - len(self.first_unreadable)]

    def house(self, listed: Mapping[str, str]) -> dict[int, str]:
        """By key: whom the list names, and whom the carrier itself calls a bot."""
        people = self.seen.people.items()
        bots = {key: "bot" for key, person in people if person.bot}
        return bots | {key: listed[person.native_id] for key, person in people if person.native_id in listed}

    def strangers(self, listed: Iterable[str]) -> int:
        """How many of the list the files know nothing of."""
        known = {person.native_id for person in self.seen.people.values()}
        return sum(author not in known for author in listed)


@dataclass(frozen=True, slots=True)
class FileAudit:
    taken: Taken
    trial: Trial
    strangers: int
    """Accounts on the house list that the files know nothing of."""
    left_out: int
    """Accounts whose talk was not counted."""

    @property
    def is_silent(self) -> bool:
        """Nobody who is not house had said anything by then: there is nothing to tell."""
        return self.trial.result is None or not self.trial.result.portfolio["groups"]

    def as_json(self) -> Row:
        """One object of plain values: every group of the files in one list, those that need somebody first."""
        plain = self.trial.as_json()
        silent = plain.pop("no_talk_seen")
        return plain | {"groups": by_need([*self._talking(plain["groups"]), *self._silent(silent)])}

    def as_told(self) -> Row:
        """What the HTML report is made from: with the days behind each sparkline, and the reasons."""
        return told(self.trial)

    def _talking(self, groups: list[Row]) -> list[Row]:
        result = self.trial.result
        if result is None:
            return []
        keys = result.groups.filter(result.groups["talk_seen"])["group_key"].to_pylist()
        return [group | {"carrier": self._carrier(key), "no_talk_seen": False} for key, group in zip(keys, groups, strict=True)]

    def _silent(self, groups: list[Row]) -> list[Row]:
        keys = self.trial.result.no_talk_seen if self.trial.result else []
        unknown = dict.fromkeys(("since", "messages", "speakers_7d", "days_active_7d", "p_alive"))
        return [
            group | {"state": ""} | unknown | {"carrier": self._carrier(key), "no_talk_seen": True}
            for key, group in zip(keys, groups, strict=True)
        ]

    def _carrier(self, key: int) -> str:
        return self.taken.seen.groups[key].carrier


def audit_files(question: Question, *, report: Report) -> FileAudit:
    """Reads the files and audits what they hold, as of the end of a day: the last day somebody spoke if none is named.

    Raises `registry.ExportError` for files that cannot be read.
    """
    with TemporaryDirectory(prefix="huoqun-audit-") as folder:
        store = Store(Path(folder) / "history")
        taken = read_files(question, store, report)
        trial = _audit(question, store, taken, Path(folder) / "spill")
    return FileAudit(taken, trial, taken.strangers(question.house), len(taken.house(question.house)))


def read_files(question: Question, store: Store, report: Report) -> Taken:
    """Into a history that is thrown away afterwards. Raises `registry.ExportError`."""
    recognised = registry.recognise(question.paths)
    taken = Taken(recognised.titles)
    reader = registry.read(recognised, registry.Setting(COMMUNITY, question.zone, "audit"))
    for batch in batches(reader, BATCH):
        taken.take(batch, store)
        report(reader.progress.done, reader.progress.total, f"{taken.records:,}")
    return taken


def _audit(question: Question, store: Store, taken: Taken, spill: Path) -> Trial:
    con = engine.connect(spill)
    try:
        store.relation(con, community=COMMUNITY).create_view("history", replace=True)
        return audit_history(
            con,
            names={key: (group.native_id, whole(group.name)) for key, group in taken.seen.groups.items()},
            zone=question.zone or ZoneInfo("UTC"),
            house=taken.house(question.house),
            as_of=question.as_of,
            window=question.window,
        )
    finally:
        con.close()


def whole(name: str) -> str:
    """Exports hold halves of emoji, which neither a page nor a terminal can show."""
    return name.encode("utf-8", "replace").decode("utf-8")


def by_need(groups: Iterable[Row]) -> list[Row]:
    """By state, and within a state what turned last comes first: it can most easily be turned back."""
    recent_first = sorted(groups, key=lambda group: (group["since"] or "", group["speakers_7d"] or 0), reverse=True)
    return sorted(recent_first, key=lambda group: NEED.index(group["state"]))
