from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from huoqun.health.life import rules, wording
from huoqun.health.life.rules import PlainRule, State

FIGURES: dict[str, object] = {
    "on": date(2026, 3, 1), "window": 7, "days": 3, "gap": 4.0, "p": 0.31, "before": 210.0, "now": 35.4, "years": 4,
}  # fmt: skip


def test_every_state_has_its_name_and_its_sentence_in_both_languages() -> None:
    for table in (wording.STATES, wording.MEANINGS):
        assert set(table) == set(State)
        assert all(words.zh and words.en and words.zh != words.en for words in table.values())
    assert set(wording.RULES) == set(PlainRule)


def test_every_code_the_rules_use_has_words_and_no_words_are_left_over() -> None:
    source = Path(rules.__file__).read_text()
    used = set(re.findall(r'"((?:talk|silence|level|plan|stray|short|long|talked|unheard)_\w+)"', source))
    used |= {f"talk_{rule.value}" for rule in PlainRule}
    assert used == set(wording.REASONS)


@pytest.mark.parametrize("code", wording.REASONS)
def test_every_reason_is_a_sentence_in_both_languages(code: str) -> None:
    chinese, english = (wording.sentence(code, FIGURES, language=language) for language in ("zh-hans", "en"))
    assert re.search("[一-鿿]", chinese)
    assert not re.search("[一-鿿]", english)
    assert "{" not in chinese + english
    assert (chinese[-1], english[-1]) == ("。", ".")


def test_figures_are_rounded_as_people_say_them() -> None:
    said = wording.sentence("silence_unusual", {"days": 40, "gap": 2.34, "p": 0.004}, language="en")
    assert said == "Quiet for 40 days; it used to talk about every 2.3 days: the chance that it is alive is about < 1 %."
