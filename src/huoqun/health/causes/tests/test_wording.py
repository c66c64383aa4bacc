from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, combinations
from pathlib import Path

import pytest

from huoqun.health.causes import Cause, actions, diagnose, disagreement, wording
from huoqun.health.causes.findings import ACTIONS, CODES
from huoqun.health.causes.first_steps import FIRST_STEPS
from huoqun.health.causes.portfolio_words import AFTER, PORTFOLIO
from huoqun.health.causes.sentences import ACTION_WHY, CAUSE_SENTENCES, Clause
from huoqun.health.life.wording import Words

from .plain import BURST, ILL, case

FIGURES = {
    "members": 42, "speakers_90d": 17, "shared": 5, "days_silent": 33, "first_words": 12, "first_words_answered": 2,
    "ignored": 10, "gap_since": "2026-11-01", "gap_groups": 8, "gap_days": 19, "planned_end": "2026-10-01", "capacity": 500,
}  # fmt: skip


def figures_of(clauses: Iterable[Clause]) -> dict[str, object]:
    return {name: FIGURES.get(name, 0.4) for clause in clauses for name in clause.needs}


def both(words: Words) -> bool:
    return bool(re.search("[一-鿿]", words.zh)) and not re.search("[一-鿿]", words.en)


def test_every_code_has_words_in_both_languages_and_no_words_are_left_over() -> None:
    assert set(wording.CAUSES) == set(wording.MEANINGS) == set(CAUSE_SENTENCES) == set(CODES)
    assert set(wording.ACTIONS) == set(ACTION_WHY) == set(ACTIONS)
    tables = (wording.CAUSES, wording.MEANINGS, wording.ACTIONS, FIRST_STEPS, wording.FIGURE_NAMES, PORTFOLIO, AFTER)
    assert all(both(words) for table in tables for words in table.values())


def test_every_first_step_and_every_watched_figure_has_words() -> None:
    source = Path(actions.__file__).read_text()
    used = {step for step in FIRST_STEPS if f'"{step}"' in source}
    assert used == set(FIRST_STEPS)
    assert {name for kind in actions.KINDS.values() for name in kind.watch} <= set(wording.FIGURE_NAMES)


@pytest.mark.parametrize(("code", "clauses"), [*CAUSE_SENTENCES.items(), *ACTION_WHY.items()])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sentence_is_whole_whatever_is_known(code: str, clauses: tuple[Clause, ...], language: str) -> None:
    known = figures_of(clauses)
    say = wording.cause_sentence if code in CODES else wording.action_why
    for names in chain.from_iterable(combinations(known, size) for size in range(len(known) + 1)):
        said = say(code, {name: known[name] for name in names}, language=language)
        assert "{" not in said
        assert "None" not in said
        assert not said or said.endswith("。" if language == "zh-hans" else ".")
        assert bool(re.search("[一-鿿]", said)) == (language == "zh-hans" and bool(said))
    assert say(code, known, language=language)


@pytest.mark.parametrize("code", ILL)
def test_a_cause_is_said_with_the_figures_it_was_found_by(code: str) -> None:
    (cause, *_) = causes_of(code)
    for language in ("zh-hans", "en"):
        said = wording.cause_sentence(cause.code, cause.figures, language=language)
        assert said != wording.cause_meaning(code, language=language)
        assert re.search(r"\d", said)


def causes_of(code: str) -> tuple[Cause, ...]:

    return diagnose(case(ILL[code])).causes


def test_shares_are_said_in_per_cent_and_counts_as_counts() -> None:
    figures = {"ads_90d": 152, "ads_share": 0.384, "ad_days": 0.9, "leavers_after_broadcast": 2.46}
    english = wording.cause_sentence("ad_fatigue", figures, language="en")
    assert english == (
        "152 ads in 90 days, 38 % of all messages; there were ads on 90 % of the days; "
        "within a day of an ad people left 2.5 times as often as usual."
    )
    chinese = wording.cause_sentence("ad_fatigue", figures, language="zh-hans")
    assert chinese == "近 90 天 152 条广告，占全部消息的 38 %；90 % 的日子都有广告；发广告后一天内退群是平时的 2.5 倍。"


def test_what_is_nothing_or_fell_is_not_said_as_something() -> None:
    assert "0" not in wording.action_why("merge", {"shared": 0, "members": 6}, language="en")
    steady = {"top5_share_before": 0.75, "top5_share_now": 0.71}
    assert wording.cause_sentence("same_old_faces", steady, language="zh-hans") == "说得最多的五个人占了 71 %。"


def test_not_enough_says_what_could_not_be_seen() -> None:
    assert wording.not_enough(["ad_fatigue"], language="en") == "Not enough to say why. Could not be looked for: too many ads."
    assert wording.not_enough(["ad_fatigue"], language="zh-hans") == "信息不够，说不出原因。看不到的：广告太多。"
    assert wording.not_enough([], language="zh-hans") == "该看的都看了，没有哪个原因明显到可以下结论。"


def test_effort_and_watch_are_said() -> None:
    assert wording.effort(1.5, language="zh-hans") == "每周约 1.5 小时"
    assert wording.effort(0, language="en") == "no time needed"
    said = wording.watch(["speakers_30d", "ads_share"], 28, language="zh-hans")
    assert said == "28 天后看：近 30 天说话人数、广告占比。"


def test_what_came_after_has_words_for_every_code() -> None:
    source = Path(disagreement.__file__).read_text()
    assert all(f'"{code}"' in source for code in AFTER)
    figures = {"state_then": "A", "state_now": "B", "messages_then": 10, "messages_now": 40, "days": 20}
    for code in AFTER:
        assert "{" not in wording.what_came_after(code, figures, language="en")


@pytest.mark.method("B32")
def test_every_sentence_on_the_portfolio_is_whole() -> None:
    figures = {"asked": 30.5, "hours": 12, "given": 11.5, "groups": 9, "people": 80.4, "messages": 300}
    for code in PORTFOLIO:
        for language in ("zh-hans", "en"):
            assert "{" not in wording.portfolio(code, figures, language=language)


def test_a_farewell_says_why_with_what_is_known() -> None:

    action = diagnose(case(BURST)).action
    assert "50" in wording.action_why(action.code, action.figures, language="zh-hans")
