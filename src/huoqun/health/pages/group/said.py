"""What somebody said, as snapshots keep it, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from huoqun.health.models import Unanswered
from huoqun.health.pages.group.names import Names


@dataclass(frozen=True, slots=True)
class Said:
    at: datetime
    name: str
    person_id: int | None
    text: str
    kind: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Question:
    row: Unanswered
    around: list[Said]


def said(line: dict[str, Any], names: Names) -> Said:
    return Said(
        at=datetime.fromtimestamp(line["at"] / 1000, UTC),
        name=names.of(line.get("author")),
        person_id=names.person_id(line.get("author")),
        text=line.get("text") or "",
        kind=line.get("kind") or "",
        asked=bool(line.get("asked")),
    )


def question(row: Unanswered, names: Names) -> Question:
    return Question(row, [said(line, names) for line in row.around])
