"""What people read from this carrier, they read in Chinese too."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from huoqun.carriers.pretend import errors, receive, send
from huoqun.carriers.pretend.errors import outcome_of
from huoqun.vocabulary.outcomes import Refused

CATALOGUE = Path(__file__).resolve().parents[2] / "locale/zh_Hans/LC_MESSAGES/django.po"
SENTENCES = [
    *errors.FOR_GOOD.values(),
    *errors.MENDABLE.values(),
    errors.TOO_FAST,
    errors.UNHEARD_OF,
    receive.DAMAGED,
    receive.NOT_KNOWN,
    send.NOT_THERE,
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_has_its_chinese(sentence: str) -> None:
    assert polib.pofile(str(CATALOGUE)).find(sentence).msgstr


@pytest.mark.parametrize("word", errors.FOR_GOOD)
def test_what_will_not_change_is_refused_for_good(word: str) -> None:
    assert outcome_of({"ok": False, "error": word, "wait": 0}) == Refused(reason=errors.FOR_GOOD[word], for_good=True)


def test_what_a_person_can_mend_is_not_refused_for_good() -> None:
    assert outcome_of({"ok": False, "error": "blocked", "wait": 0}) == Refused(
        reason=errors.MENDABLE["blocked"], for_good=False
    )
