"""May this machine call at all? WeCom looks at the address a call comes from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.client.calls.directory import callback_addresses
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, add_this_address, unreached, untried, words_of
from huoqun.carriers.wecom.errors import NOT_TRUSTED_IP, WeComError

NAME = "trusted_ip"


def check(patient: Patient) -> Finding:
    title = _("Trusted company IP")
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Made a call that any app may make (getcallbackip).")
    try:
        callback_addresses(patient.client)
    except TROUBLES as trouble:
        refused = isinstance(trouble, WeComError) and trouble.code == NOT_TRUSTED_IP
        ip = trouble.ip if isinstance(trouble, WeComError) else ""
        patient.barred = _("This machine may not call WeCom yet.") if refused else _("WeCom does not answer calls.")
        remedy = add_this_address(ip) if refused else unreached(patient) if not isinstance(trouble, WeComError) else ""
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=remedy)
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=_("WeCom takes calls from this machine."))
