"""A forecast from files alone: read into a history that is thrown away afterwards. No settings, no database, no set-up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from huoqun.carriers import registry
from huoqun.health import engine, runner
from huoqun.health.forecast.model import Forecast, Model
from huoqun.health.forecast.outlook import Outlook, outlook_of
from huoqun.health.history_days import days_of_history
from huoqun.health.rules import day_number
from huoqun.history.store import Store
from huoqun.wiring.batches import batches
from huoqun.wiring.file_audit import BATCH, COMMUNITY, Question, Report, Taken

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileForecast:
    taken: Taken
    as_of: date
    outlook: Outlook
    strangers: int
    """Accounts on the house list that the files know nothing of."""

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
        group = self.taken.seen.groups[key]
        name = group.name.encode("utf-8", "replace").decode("utf-8")
        plain = asdict(forecast) | {"reasons": [asdict(reason) for reason in forecast.reasons]}
        return {"group_id": group.native_id, "group_name": name or group.native_id, "carrier": group.carrier} | plain


def forecast_files(asked: Question, *, report: Report) -> FileForecast:
    """Reads the files and looks 30 days ahead of the end of a day: the last day somebody spoke if none is named.

    Raises `registry.ExportError` for files that cannot be read, `NoTalk` where nobody had spoken by then.
    """
    with TemporaryDirectory(prefix="huoqun-forecast-") as folder:
        store = Store(Path(folder) / "history")
        taken = _read(asked, store, report)
        con = engine.connect(Path(folder) / "spill")
        try:
            store.relation(con, community=COMMUNITY).create_view("history", replace=True)
            runner.tables_asked_for(con)
            if house := taken.house(asked.house):
                con.executemany("INSERT INTO house VALUES (?, ?)", [list(label) for label in house.items()])
            days, as_of = days_of_history(con, asked.zone or ZoneInfo("UTC"), asked.as_of)
        finally:
            con.close()
    return FileForecast(taken, as_of, outlook_of(days, day_number(as_of), Model.shipped()), taken.strangers(asked.house))


def _read(asked: Question, store: Store, report: Report) -> Taken:
    recognised = registry.recognise(asked.paths)
    taken = Taken(recognised.titles)
    reader = registry.read(recognised, registry.Setting(COMMUNITY, asked.zone, "forecast"))
    for batch in batches(reader, BATCH):
        taken.take(batch, store)
        report(reader.progress.done, reader.progress.total, f"{taken.records:,}")
    return taken
