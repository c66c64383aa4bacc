"""What an audit comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from .causes import Diagnosis
from .causes.portfolio import PortfolioAdvice
from .forecast.values import Forecast, Outlook
from .operators import OperatorRow

if TYPE_CHECKING:
    # Pages hand results on without looking into them: what makes these stays out of the web's memory.
    import pyarrow as pa

    from .ties.connection import Connected


class NoTalk(ValueError):
    """Nobody who is not house has said anything, so there is no day to audit. Import history, or name a day."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """One audit of all groups of a community, as of the end of one day, from what was knowable then.

    `groups` has a row for each known group: `group_key`, `talk_seen`, every figure of the metrics (null: not known), and the
    judgement: `state` ("" where no talk was seen, "unheard" where none could be heard), `since`, `p_alive`, `p_low`, `p_high`,
    `changed_on`, `level_before`, `level_now`, `rule`; `reasons` holds its reasons by group. `persons` has a row for each person
    who spoke in a group's last months, `unanswered` the questions nobody answered, `days` a row for each group and day. Times
    are UTC.

    What the figures come to is empty where only the portfolio's movement was asked for: `connected` (who answers whom),
    `outlook` (forecasts with their track record), `diagnoses` (causes and the next action by group), `advice`, `operators`.
    """

    as_of: date
    window: int
    zone: str
    groups: pa.Table
    persons: pa.Table
    unanswered: pa.Table
    days: pa.Table
    portfolio: dict[str, Any]
    coverage: dict[str, Any]
    reasons: dict[int, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    connected: Connected | None = None
    outlook: Outlook | None = None
    diagnoses: dict[int, Diagnosis] = field(default_factory=dict)
    advice: PortfolioAdvice | None = None
    operators: list[OperatorRow] = field(default_factory=list)

    @property
    def forecasts(self) -> dict[int, Forecast]:
        """By group; empty where none was made."""
        return self.outlook.forecasts if self.outlook else {}

    @property
    def no_talk_seen(self) -> list[int]:
        """Groups in which nobody but house was ever seen to speak, or of which nothing can be heard."""
        keys, seen = self.groups["group_key"].to_pylist(), self.groups["talk_seen"].to_pylist()
        return [key for key, talk in zip(keys, seen, strict=True) if not talk]
