from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from huoqun.health.causes import Case
from huoqun.health.causes.findings import CODES
from huoqun.health.causes.known import known_causes
from huoqun.health.causes.rates import rates
from huoqun.health.causes.signs import NOTHING, RULE, SIGNS, Sign
from huoqun.health.causes.weighing import SHIPPED, Weights, chances, shipped

from .plain import FELL, ILL, case, talking


def weighed(asked: Case) -> dict[str, float]:
    return chances(asked, {code: known.look(asked) for code, known in known_causes().items()})


def test_every_cause_but_those_that_explain_alone_has_signs_and_no_weight_is_negative() -> None:
    assert set(SIGNS) == {*CODES, NOTHING} - {"season_closed", "record_gap"}
    assert all(signs[0].name == RULE for code, signs in SIGNS.items() if code != NOTHING)
    assert all(each.weight >= 0 for signs in shipped().signs.values() for each in signs)


def test_every_sign_reads_a_figure_there_is() -> None:
    known = set(rates(case()))
    assert {sign.name for signs in SIGNS.values() for sign in signs} - {RULE} <= known


def test_a_sign_may_speak_the_more_the_lower_it_is() -> None:
    rising, falling = Sign("leave_rate", 0.1, 0.3), Sign("new_faces_share", 0.08, 0.0)
    assert [rising.read(value) for value in (0.0, 0.2, 0.9)] == pytest.approx([0.0, 0.5, 1.0])
    assert [falling.read(value) for value in (0.2, 0.04, 0.0)] == pytest.approx([0.0, 0.5, 1.0])


@pytest.mark.parametrize("code", ILL)
def test_chances_add_up_and_the_cause_that_shows_gains(code: str) -> None:
    plain, ill = weighed(case()), weighed(case(ILL[code]))
    assert sum(ill.values()) == pytest.approx(1.0)
    assert ill[code] > 2 * plain[code]


def test_talk_that_was_kept_speaks_for_nothing_being_wrong() -> None:
    assert weighed(case(days=talking(4, 4)))[NOTHING] > weighed(case(days=talking(4, 0)))[NOTHING]


def test_what_nobody_knows_neither_speaks_for_nor_against() -> None:
    told = weighed(case(dict.fromkeys(FELL), state="declining"))
    assert all(math.isfinite(chance) for chance in told.values())
    assert max(chance for code, chance in told.items() if code != NOTHING) < 0.5


def test_weights_of_other_signs_are_refused(tmp_path: Path) -> None:
    told = json.loads(SHIPPED.read_text(encoding="utf-8"))
    del told["signs"]["ad_fatigue"]["leave_rate"]
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ValueError, match="fit them again"):
        Weights.read(path)
