"""Does a welcome of the admin console stand in the way of ours? WeCom then sends no code to welcome with."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom import queries
from huoqun.carriers.wecom.doctor.patient import Patient

NAME = "native_welcome"
LOOKED_BACK = timedelta(days=7)
ENOUGH = 5
"""With fewer new customers it may be chance: who has talked before brings no code either."""
MOST = 0.8


def check(patient: Patient) -> Finding:
    title = _("Welcome set up in WeCom itself")
    tried = _("Looked how many of the new customers of the last 7 days came with a code to welcome them.")
    came, without = queries.newcomers_without_code(patient.corp, since=patient.now() - LOOKED_BACK)
    numbers = {"came": came, "without": without}
    if came < ENOUGH:
        said = _("%(came)d came: too few to tell.") % numbers
        return Finding(check=NAME, title=title, verdict=Verdict.UNTRIED, tried=tried, answer=said, remedy=_turn_off())
    said = _("%(came)d came, %(without)d of them without a code.") % numbers
    if without / came >= MOST:
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=_turn_off())
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)


def _turn_off() -> str:
    return _(
        "Admin console → Customer Contact → Chat tools → Welcome message: where one applies to a colleague, WeCom sends that "
        "and gives us no code. Take the colleagues whom Huoqun should welcome out of its scope."
    )
