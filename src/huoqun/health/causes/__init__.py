"""Why a group is not well, and what to do next: arithmetic on what the audit found, no database.

`diagnose(case)` is the door for one group, `cases.cases_of` makes the cases of a whole portfolio, `portfolio.advise` says which
groups come first under the hours there are.
"""

from .case import Case, Days, Partner, PlanSeen, Surroundings
from .diagnosis import diagnose
from .findings import Action, Cause, Diagnosis

__all__ = ["Action", "Case", "Cause", "Days", "Diagnosis", "Partner", "PlanSeen", "Surroundings", "diagnose"]
