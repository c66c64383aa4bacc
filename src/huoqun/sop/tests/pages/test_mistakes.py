"""Whatever a playbook can be told is wrong with it is told in Chinese, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from huoqun.sop.pages import mistakes
from huoqun.sop.parts import lapse
from huoqun.sop.playbooks import checks, reading


def sentences(module: object) -> Iterator[str]:
    """Whole sentences of the source, with something in place of what is filled in; docstrings aside."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):  # type: ignore[attr-defined]
        if isinstance(node, ast.Yield | ast.Tuple | ast.Call):
            values = [node.value] if isinstance(node, ast.Yield) else node.elts if isinstance(node, ast.Tuple) else node.args
            for value in values:
                text = written(value)
                if " " in text and (text.endswith(".") or "write " in text or "put it" in text or "leave it" in text):
                    yield text


def written(value: ast.expr | None) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "七" for part in value.values)
    return ""


def test_every_sentence_has_its_chinese() -> None:
    found = [text for module in (checks, reading, lapse) for text in sentences(module)]
    assert len(found) > 40
    with translation.override("zh-hans"):
        assert [text for text in found if mistakes.translated(text) == text] == []
    with translation.override("en"):
        assert mistakes.translated("There is no variable {{x}}.") == "There is no variable {{x}}."
        assert mistakes.translated("Nobody has foreseen this.") == "Nobody has foreseen this."
