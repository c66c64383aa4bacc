"""What is different between two versions, said in sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from huoqun.sop.playbooks.differences import Change, Difference


@dataclass(frozen=True, slots=True)
class Shown:
    sentence: str
    before: str = ""
    after: str = ""


def shown(difference: Difference) -> Shown:
    sentences = {
        Change.ADDED: _("The step “%(step)s” is new."),
        Change.REMOVED: _("The step “%(step)s” is gone."),
        Change.MOVED: _("The step “%(step)s” stands in another place."),
        Change.CHANGED: _("“%(field)s” of the step “%(step)s” is different.")
        if difference.step
        else _("“%(field)s” of the playbook is different."),
    }
    sentence = sentences[difference.change] % {"step": difference.step, "field": difference.field}
    if difference.change == Change.MOVED:
        return Shown(sentence)
    return Shown(sentence, _as_text(difference.before), _as_text(difference.after))


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    text: str = yaml.safe_dump(json.loads(json.dumps(value, default=str)), allow_unicode=True, sort_keys=False, width=100)
    return text.removesuffix("...\n").strip()
