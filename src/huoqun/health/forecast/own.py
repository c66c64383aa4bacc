"""A community's own model: the shipped one, taught by what happened here. Audits use it only if it has done better here."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .calendar import DayArrays, Flags, Floats, Ints
from .features import Features, features_of, silent_after
from .fitting import Line, fit
from .model import BadModel, Edition, Model
from .terms import terms_of
from .track import WINDOWS, past_dates, track_record
from .values import Track

FILE = "forecast.json"
MOST_WINDOWS = 60
"""Five years back: who was silent before then says little about today."""
ENOUGH_WINDOWS, ENOUGH_GROUPS, ENOUGH_SILENCES = 12, 20, 30
"""Less than this is not a past one can learn from: dates 30 days apart, groups that talked, and silences that followed."""
EDITION_EVERY = 3
"""Windows between two editions: looking back, the model was trained anew once a quarter."""
WORTH = 60.0
"""How many rows of the community's own the shipped model is worth, about."""
AS_GOOD = 0.005
"""The own model may order groups worse by so much AUC, if its probabilities are better."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Past:
    """What there is to learn from."""

    windows: int
    groups: int
    silences: int

    @property
    def enough(self) -> bool:
        reached = (self.windows >= ENOUGH_WINDOWS, self.groups >= ENOUGH_GROUPS, self.silences >= ENOUGH_SILENCES)
        return all(reached)


@dataclass(frozen=True, slots=True)
class Trained:
    """`model` is None where the past is too short. `own` and `shipped` are the records over the same dates; `better` says
    whether audits shall use the model."""

    past: Past
    model: Model | None = None
    own: Track | None = None
    shipped: Track | None = None

    @property
    def better(self) -> bool:
        if self.own is None or self.shipped is None:
            return False
        return self.own.brier < self.shipped.brier and self.own.auc >= self.shipped.auc - AS_GOOD


@dataclass(frozen=True, slots=True)
class _Lessons:
    features: Features
    terms: Floats
    silent: Flags

    def known_by(self, day: int) -> _Lessons:
        """Those whose outcome was known on the day."""
        known = self.features.today + 30 <= day
        return _Lessons(self.features.where(known), self.terms[known], self.silent[known])

    @property
    def past(self) -> Past:
        awake = self.features.awake
        dates, groups = np.unique(self.features.today[awake]).size, np.unique(self.features.key[awake]).size
        return Past(int(dates), int(groups), int(self.silent[awake].sum()))


def train(days: DayArrays, as_of: int) -> Trained:
    """Learns from all 30-day windows up to the day. Equal days give an equal model; days after `as_of` change nothing."""
    days = days.until(as_of)
    lessons = _lessons(days, past_dates(days, as_of, windows=MOST_WINDOWS))
    if not lessons.past.enough:
        return Trained(lessons.past)
    shipped = Model.shipped()
    looked_back = past_dates(days, as_of, windows=WINDOWS)
    editions = _editions(lessons, looked_back[::EDITION_EVERY], shipped.latest)
    model = Model("own", (*shipped.editions, *editions, _edition(lessons, as_of, shipped.latest)))
    since = editions[0].since if editions else None
    if since is None:
        return Trained(lessons.past, model)
    windows = int((looked_back >= since).sum())
    own, _ = track_record(model, days, as_of, windows=windows)
    theirs, _ = track_record(shipped, days, as_of, windows=windows)
    return Trained(lessons.past, model, own, theirs)


def keep(trained: Trained, folder: Path, *, as_of: int) -> None:
    """Stores the model with what it has shown; a model that is not there is not stored, and an older one stays."""
    if trained.model is None:
        return
    shown: dict[str, Any] = {
        name: track.as_plain() if track else None for name, track in (("own", trained.own), ("shipped", trained.shipped))
    }
    trained.model.save(folder / FILE, as_of=as_of, better=trained.better, records=shown)


def chosen_model(folder: Path) -> Model:
    """The community's own model if it has shown itself better here, else the shipped one."""
    path = folder / FILE
    if not path.exists():
        return Model.shipped()
    try:
        own = Model.load(path)
        return own if json.loads(path.read_text(encoding="utf-8")).get("better") else Model.shipped()
    except BadModel as bad:
        logger.warning("%s Until then the shipped model is used.", bad)
        return Model.shipped()


def _lessons(days: DayArrays, dates: Ints) -> _Lessons:
    features = features_of(days, dates)
    return _Lessons(features, terms_of(features), silent_after(days, features))


def _editions(lessons: _Lessons, dates: Ints, shipped: Edition) -> list[Edition]:
    """The model as it would have stood on each date on which there was enough to learn from."""
    known = ((int(date), lessons.known_by(int(date))) for date in dates)
    return [_edition(each, date, shipped) for date, each in known if each.past.enough]


def _edition(lessons: _Lessons, since: int, shipped: Edition) -> Edition:
    share = lessons.features.sleepiness
    return Edition(since, _line(lessons, share < 1, shipped.awake), _line(lessons, share > 0, shipped.asleep))


def _line(lessons: _Lessons, chosen: Flags, shipped: Line) -> Line:
    silent = lessons.silent[chosen]
    if min(int(silent.sum()), int((~silent).sum())) < 5:
        return shipped
    return fit(lessons.terms[chosen], silent, lessons.features.key[chosen], before=shipped, pull=WORTH)
