"""Which way a branch goes."""

from __future__ import annotations

from collections.abc import Mapping

from huoqun.sop.steps.branch import Branch, Question

Known = Mapping[str, str | float | bool | None]
"""What is known of what can be asked about; nothing, or None: nobody knows."""


def way(branch: Branch, known: Known) -> str:
    """ "yes", "no" or "end"."""
    answer = answered(branch.question, known)
    if answer is None:
        return branch.unknown
    return "yes" if answer else "no"


def answered(question: Question, known: Known) -> bool | None:
    value = known.get(question.about)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value in question.one_of
    return (question.at_least is None or value >= question.at_least) and (question.at_most is None or value <= question.at_most)
