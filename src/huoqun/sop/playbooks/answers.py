"""Variables a playbook asks for itself: filled in before those everybody knows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from huoqun.content.rules.filling import plain

_VARIABLE = re.compile(r"[{｛]{2}([^{}｛｝|｜]*)[}｝]{2}")
_BRACES = str.maketrans("", "", "{}｛｝[]")


def with_answers(text: str, answers: Mapping[str, str]) -> str:
    """What is answered stands where it was asked for; nothing in an answer is a variable or a slot."""
    known = {_folded(name): answer for name, answer in answers.items()}

    def answer(match: re.Match[str]) -> str:
        found = known.get(_folded(match[1]))
        return match[0] if found is None else plain(found.translate(_BRACES))

    return _VARIABLE.sub(answer, text)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
