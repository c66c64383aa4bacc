from __future__ import annotations

import pytest

from huoqun.health.report.figures import chance, share, whole


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0.0, "0 %"), (0.0001, "< 0.1 %"), (0.0133, "1.3 %"), (0.1875, "18.8 %"), (0.5, "50.0 %"), (1.0, "100 %")],
)
def test_shares(value: float | None, said: str) -> None:
    assert share(value) == said


@pytest.mark.parametrize(
    ("value", "said"), [(None, "–"), (0.0, "< 1 %"), (0.01, "1 %"), (0.874, "87 %"), (0.99, "99 %"), (0.999, "> 99 %")]
)
def test_chances_are_never_certain(value: float | None, said: str) -> None:
    assert chance(value) == said


@pytest.mark.parametrize(("value", "said"), [(None, "–"), (0, "0"), (1234.4, "1,234")])
def test_whole_numbers(value: float | None, said: str) -> None:
    assert whole(value) == said
