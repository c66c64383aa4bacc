"""`huoqun health train`: learn from a community's own history who falls silent."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import click

from huoqun.community.models import Community
from huoqun.health import engine
from huoqun.health.forecast import own
from huoqun.health.forecast.calendar import DayArrays
from huoqun.health.history_days import days_of_history
from huoqun.health.inputs import StoredHistory, load_community
from huoqun.health.long_work import Desk, desk
from huoqun.health.results import NoTalk
from huoqun.health.rules import audit_day, day_number
from huoqun.wiring.audit_words import language_of
from huoqun.wiring.community_option import known_community
from huoqun.wiring.forecast_words import say
from huoqun.wiring.terminal_language import terminal_language


@click.command("train")
@click.option("--community", required=True, help="Name or short name of the community.")
@terminal_language()
def command(community: str) -> None:
    """Train the forecast on a community's own history, where it is long enough, and keep it if it did better there."""
    train(known_community(community), desk(), now=datetime.now(UTC), language=language_of(os.environ))


def train(community: Community, at: Desk, *, now: datetime, language: str) -> own.Trained:
    """Training again replaces what was trained before. Raises a click error where there is nothing to learn from."""
    days, as_of = _days(community, at, now, language)
    trained = own.train(days, day_number(as_of))
    folder = at.folder / community.slug
    own.keep(trained, folder, as_of=day_number(as_of))
    for line in _told(trained, str(folder / own.FILE), language):
        click.echo(line)
    return trained


def _days(community: Community, at: Desk, now: datetime, language: str) -> tuple[DayArrays, date]:
    """Straight from history: the day-book belongs to the audit, which may be at work just now."""
    zone, source = ZoneInfo(community.zone), StoredHistory(at.store, community.slug)
    extent = source.extent()
    if extent is None:
        raise click.ClickException(say("no_history", language))
    spill = at.folder / f"{community.slug}.training"
    con = engine.connect(spill)
    try:
        load_community(con, community)
        at.store.relation(con, community=community.slug).create_view("history", replace=True)
        return days_of_history(con, zone, audit_day(extent[1], now, zone))
    except NoTalk as nobody:
        raise click.ClickException(say("no_history", language)) from nobody
    finally:
        con.close()
        shutil.rmtree(spill, ignore_errors=True)


def _told(trained: own.Trained, path: str, language: str) -> list[str]:
    past = trained.past
    lines = [say("past", language, windows=past.windows, groups=past.groups, silences=past.silences)]
    if trained.model is None:
        needed = {"windows": own.ENOUGH_WINDOWS, "groups": own.ENOUGH_GROUPS, "silences": own.ENOUGH_SILENCES}
        return [*lines, say("not_enough", language, **needed)]
    return [*lines, _compared(trained, language), say("own_used" if trained.better else "shipped_used", language, path=path)]


def _compared(trained: own.Trained, language: str) -> str:
    if trained.own is None or trained.shipped is None:
        return say("no_record", language)
    figures = {"own_brier": trained.own.brier, "own_auc": trained.own.auc}
    figures |= {"brier": trained.shipped.brier, "auc": trained.shipped.auc}
    return say("beside", language, forecasts=trained.own.forecasts, **{name: f"{value:.3f}" for name, value in figures.items()})
