"""The outlook of a community: a forecast a group, and how forecasts like these have done in its own past."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np

from huoqun.health.question import Question
from huoqun.health.rules import day_number

from .calendar import COUNTS, DayArrays, day_arrays
from .features import features_of
from .leaning import leaning_of
from .model import Model
from .track import WARNED_AT, track_record
from .values import Forecast, Outlook


def outlook(con: duckdb.DuckDBPyConnection, question: Question, model: Model) -> Outlook:
    """Of the community whose tables `runner.evaluate` left on the connection, as of the asked day."""
    return outlook_of(days_on(con, day_number(question.as_of)), day_number(question.as_of), model)


def outlook_of(days: DayArrays, as_of: int, model: Model) -> Outlook:
    """Days after `as_of` change nothing."""
    days = days.until(as_of)
    features = features_of(days, np.array([as_of]))
    track, why_none = track_record(model, days, as_of)
    leaning = leaning_of(model, days, as_of, windows=0)
    forecasts = model.foresee(features, leaning.shift(features), leaning.variance(features))
    if track is not None and track.lead_days is not None:
        forecasts = {key: _with_lead(forecast, track.lead_days) for key, forecast in forecasts.items()}
    return Outlook(forecasts, track, why_none, model.name)


def days_on(con: duckdb.DuckDBPyConnection, as_of: int) -> DayArrays:
    columns = ", ".join(COUNTS)
    found = con.execute(f"SELECT group_key, day, {columns} FROM all_group_days WHERE day <= {int(as_of)}")  # noqa: S608 -- our names
    return day_arrays(found.fetchnumpy())


def _with_lead(forecast: Forecast, lead_days: int) -> Forecast:
    return replace(forecast, lead_days=lead_days) if forecast.p_silent_30d >= WARNED_AT else forecast
