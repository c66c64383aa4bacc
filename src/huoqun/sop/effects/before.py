"""What a unit was like before, taken out of what it is afterwards.

CUPED (Deng, Xu, Kohavi and Walker, WSDM 2013): Y* = Y − θ·(X − X̄), θ = Cov(Y, X) / Var(X), X the mean of the weeks before the
first wave. It takes a share ρ² of the variance away and, as nobody had started then, no effect with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def without_before(outcome: Floats, first: int) -> Floats:
    """The outcome of every week less what the weeks before `first` foretold of it. Whom the lot chose plays no part in it."""
    before = outcome[:, :first].mean(axis=1)
    centred = before - before.mean()
    spread = float(centred @ centred)
    if spread <= 0:
        return outcome
    after = outcome[:, first:] - outcome[:, first:].mean(axis=0)
    # One θ over all weeks: a θ a week would chase the noise of each.
    theta = float(centred @ after.mean(axis=1)) / spread
    adjusted: Floats = outcome - theta * centred[:, None]
    return adjusted
