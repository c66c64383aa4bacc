"""`huoqun health forecast`: files alone, no set-up."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from huoqun.carriers.registry import ExportError
from huoqun.health.forecast.wording import MODELS, reason_told, record_told
from huoqun.health.results import NoTalk
from huoqun.wiring import audit_words
from huoqun.wiring.audit_words import language_of
from huoqun.wiring.day_table import BadDayTable, is_day_table
from huoqun.wiring.file_audit import Question
from huoqun.wiring.file_forecast import FileForecast, forecast_days, forecast_files
from huoqun.wiring.file_words import file_words
from huoqun.wiring.forecast_words import say
from huoqun.wiring.house_list import BadHouseList, read_house_list
from huoqun.wiring.terminal import printable, progress, say_bad
from huoqun.wiring.terminal import say as tell
from huoqun.wiring.zone_option import known_zone

PIPED_WIDTH = 120
"""Columns where there is no terminal to ask."""


def _house(ctx: click.Context, param: click.Parameter, value: Path | None) -> dict[str, str]:
    try:
        return read_house_list(value) if value else {}
    except BadHouseList as bad:
        raise click.ClickException(str(bad)) from bad


@click.command("forecast")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Look ahead from the end of this day; nothing later is used. Default: the last talk.",
)
@click.option(
    "--house",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_house,
    help="CSV with a column author_id: bots, staff and helpers to leave out.",
)
@click.option(
    "--zone",
    default="",
    callback=known_zone,
    help="Time zone of local times in the files and of the days counted, e.g. Asia/Shanghai. Without it days are cut in UTC, "
    "and formats with local times are not read.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--language", type=click.Choice(["zh-hans", "en"]), help="Default: English if LC_ALL or LANG says so, else Chinese."
)
def command(
    files: tuple[Path, ...],
    as_of: datetime | None,
    house: dict[str, str],
    zone: str,
    as_json: bool,
    language: str | None,
) -> None:
    """Tell how likely each group in these exports is to fall silent within 30 days: no set-up, no database, nothing is kept.

    Also takes one CSV or Parquet table of groups by day: group_id, day, messages and, where known, bot_messages,
    human_authors, joins, leaves.
    """
    language = language or language_of(os.environ)
    asked = Question(paths=files, zone=ZoneInfo(zone) if zone else None, as_of=as_of.date() if as_of else None, house=house)
    done = _forecast(asked, language)
    _remarks(done, language)
    if as_json:
        plain_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps(done.as_json(), ensure_ascii=plain_ascii, indent=1))
    else:
        Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH).print(_table(done, language))
        click.echo(say("model", language, model=MODELS[done.outlook.model_name].say(language)))
        click.echo(say("record", language) + record_told(done.outlook.track, done.outlook.why_none, language))


def _forecast(asked: Question, language: str) -> FileForecast:
    try:
        if is_day_table(asked.paths):
            return forecast_days(asked.paths[0], asked.as_of)
        with progress(audit_words.say("reading", language)) as report:
            return forecast_files(asked, report=report)
    except BadDayTable as problem:
        raise click.ClickException(str(problem)) from problem
    except ExportError as problem:
        raise click.ClickException(problem.told(file_words(language))) from problem
    except NoTalk as nobody:
        told = say("nobody_yet", language, day=asked.as_of) if asked.as_of else say("nobody", language)
        raise click.ClickException(told) from nobody


def _remarks(done: FileForecast, language: str) -> None:
    """Nothing that could not be read is lost silently."""
    taken = done.taken
    if taken is None:
        tell(say("days_read", language, rows=f"{done.rows:,}"))
        return
    formats, records, bad = ", ".join(taken.formats), f"{taken.records:,}", f"{taken.unreadable:,}"
    tell(audit_words.say("read", language, formats=formats, records=records, bad=bad))
    say_bad(taken.first_unreadable, file_words(language))
    if done.strangers:
        tell(audit_words.say("strangers", language, n=done.strangers))


def _table(done: FileForecast, language: str) -> Table:
    table = Table(title=say("title", language, day=done.as_of), title_justify="left")
    for name in ("group", "chance", "interval", "why"):
        table.add_column(say(name, language))
    likeliest = sorted(done.outlook.forecasts.items(), key=lambda item: (-item[1].p_silent_30d, item[0]))
    for key, forecast in likeliest:
        name = printable(done.names[key][1] or done.names[key][0])
        interval = f"{_chance(forecast.low)} – {_chance(forecast.high)}"
        table.add_row(name, _chance(forecast.p_silent_30d), interval, reason_told(forecast.reasons[0], language))
    return table


def _chance(p: float) -> str:
    """Nothing is ever quite sure."""
    if p < 0.01:
        return "<1%"
    return ">99%" if p > 0.99 else f"{p:.0%}"
