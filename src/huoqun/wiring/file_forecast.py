"""A forecast from files alone: read into a history that is thrown away afterwards. No settings, no database, no set-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from huoqun.health import engine, runner
from huoqun.health.forecast.model import Model
from huoqun.health.forecast.outlook import outlook_of
from huoqun.health.forecast.values import Forecast, Outlook
from huoqun.health.history_days import days_of_history
from huoqun.health.results import NoTalk
from huoqun.health.rules import day_number
from huoqun.history.store import Store
from huoqun.wiring.day_table import read_day_table
from huoqun.wiring.file_audit import COMMUNITY, Question, Report, Taken, read_files, whole

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileForecast:
    names: Mapping[int, tuple[str, str, str]]
    """By key: the group's id, its name, its carrier ("" where the file names none)."""
    as_of: date
    outlook: Outlook
    taken: Taken | None = None
    """What was read of messages; None for a table of days."""
    strangers: int = 0
    """Accounts on the house list that the files know nothing of."""
    rows: int = 0
    """Of a table of days."""

    def as_json(self) -> Row:
        """One object of plain values; the groups likeliest to fall silent first."""
        track = self.outlook.track
        likeliest = sorted(self.outlook.forecasts.items(), key=lambda item: (-item[1].p_silent_30d, item[0]))
        return {
            "as_of": self.as_of.isoformat(),
            "model": self.outlook.model_name,
            "track_record": track.as_plain() if track else None,
            "why_no_track_record": self.outlook.why_none,
            "groups": [self._row(key, forecast) for key, forecast in likeliest],
        }

    def _row(self, key: int, forecast: Forecast) -> Row:
        group_id, name, carrier = self.names[key]
        plain = asdict(forecast) | {"reasons": [asdict(reason) for reason in forecast.reasons]}
        return {"group_id": group_id, "group_name": name or group_id, "carrier": carrier} | plain


def forecast_days(path: Path, as_of: date | None) -> FileForecast:
    """Looks ahead from a table of groups by day. Raises BadDayTable, and NoTalk where nobody had spoken by then."""
    table = read_day_table(path, as_of)
    if table is None:
        raise NoTalk(f"nobody had said anything by {as_of}: name a later day with --as-of")
    names = {key: (group_id, name, "") for key, (group_id, name) in table.names.items()}
    foreseen = outlook_of(table.days, day_number(table.as_of), Model.shipped())
    return FileForecast(names, table.as_of, foreseen, rows=table.rows)


def forecast_files(asked: Question, *, report: Report) -> FileForecast:
    """Reads the files and looks 30 days ahead of the end of a day: the last day somebody spoke if none is named.

    Raises `registry.ExportError` for files that cannot be read, `NoTalk` where nobody had spoken by then.
    """
    with TemporaryDirectory(prefix="huoqun-forecast-") as folder:
        store = Store(Path(folder) / "history")
        taken = read_files(asked, store, report)
        con = engine.connect(Path(folder) / "spill")
        try:
            store.relation(con, community=COMMUNITY).create_view("history", replace=True)
            runner.tables_asked_for(con)
            if house := taken.house(asked.house):
                con.executemany("INSERT INTO house VALUES (?, ?)", [list(label) for label in house.items()])
            days, as_of = days_of_history(con, asked.zone or ZoneInfo("UTC"), asked.as_of)
        finally:
            con.close()
    return FileForecast(
        names={key: (group.native_id, whole(group.name), group.carrier) for key, group in taken.seen.groups.items()},
        as_of=as_of,
        outlook=outlook_of(days, day_number(as_of), Model.shipped()),
        taken=taken,
        strangers=taken.strangers(asked.house),
    )
