"""The comparison: units that have started beside those that have not yet, week by week.

Callaway and Sant'Anna, Journal of Econometrics 225 (2021): each wave in each week is compared with the not-yet-treated of that
week only, never with those that started earlier, so that effects which grow do not turn into their own opposite as they do in
a two-way fixed-effects regression. Weeks are averaged with weights n₁·n₀/(n₁+n₀): the precision of a difference of means.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .waves import Starts

Floats = NDArray[np.float64]


def contrasts(outcome: Floats, starts: Starts) -> Floats:
    """The average difference of treated and not-yet-treated units, for each draw of starts.

    `outcome`: one row a unit, one column a week, no gaps. `starts`: one row a draw. NaN where a draw leaves no week in which
    somebody has started and somebody has not.
    """
    weeks = outcome.shape[1]
    total, weight = np.zeros(len(starts)), np.zeros(len(starts))
    for week in range(weeks):
        started = (starts <= week).astype(np.float64)
        have, have_not = started.sum(axis=1), (1 - started).sum(axis=1)
        counts = have * have_not
        share = np.divide(counts, have + have_not)
        treated = started @ outcome[:, week]
        apart = np.divide(treated, have, out=np.zeros_like(have), where=have > 0) - np.divide(
            outcome[:, week].sum() - treated, have_not, out=np.zeros_like(have), where=have_not > 0
        )
        total += share * apart
        weight += share
    found: Floats = np.divide(total, weight, out=np.full(len(starts), np.nan), where=weight > 0)
    return found


def own_contrasts(starts: Starts, drawn: Starts, weeks: int) -> Floats:
    """What `contrasts` would come to if the outcome were the treatment itself under `starts`: 1 for that very draw."""
    treated = (starts[:, None] <= np.arange(weeks)[None, :]).astype(np.float64)
    return contrasts(treated, drawn)
