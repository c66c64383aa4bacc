"""Where a run goes on with another version of its playbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from huoqun.sop.playbooks.plain import of_plain
from huoqun.sop.rules.going import place_in

AT = datetime(2026, 3, 2, tzinfo=UTC)
BOOK = of_plain(
    {
        "name": "talk",
        "title": "分享",
        "starts": [{"when": "hand"}],
        "steps": [
            {"do": "post", "key": "before", "words": {"text": "快了"}},
            {"do": "post", "key": "new", "words": {"text": "新的一句"}},
            {"do": "approval", "key": "may", "question": "可以吗", "limit": "1h", "otherwise": "end"},
            {"do": "branch", "key": "many", "question": {"about": "members", "at_least": 3}, "yes": "after"},
            {"do": "post", "key": "between", "words": {"text": "人少"}},
            {"do": "post", "key": "after", "words": {"text": "谢谢"}},
        ],
    }
)


@dataclass
class Line:
    kind: str = "post"
    way: str = ""
    state: str = "done"
    at: datetime = AT
    settled_at: datetime | None = AT


SENT, YES, NO, LATE = Line(), Line("approval", "came"), Line("approval", "limit"), Line("approval", state="waiting")
MANY = Line("branch", "yes")


@pytest.mark.parametrize(
    ("lines", "withdrawn", "place"),
    [
        ({}, (), "before"),
        ({}, ("before",), "before"),
        ({"before": SENT}, (), "new"),
        ({"before": SENT}, ("gone",), "new"),
        ({"before": SENT, "may": LATE}, (), "may"),
        ({"before": SENT, "may": YES}, (), "many"),
        ({"before": SENT, "may": YES, "many": MANY}, (), "after"),
        ({"before": SENT, "may": YES, "many": MANY}, ("after",), "after"),
        ({"may": NO}, (), None),
        ({"may": NO}, ("before",), "before"),
        ({"may": NO, "before": SENT}, ("before",), None),
        ({"may": YES}, ("before", "after"), "before"),
    ],
)
def test_it_goes_on_with_what_was_only_planned_and_stays_over_where_it_was(
    lines: dict[str, Line], withdrawn: tuple[str, ...], place: str | None
) -> None:
    number = place_in(BOOK, lines, withdrawn)
    assert (BOOK.steps[number].key if number < len(BOOK.steps) else None) == place
