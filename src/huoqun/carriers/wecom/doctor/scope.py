"""Whom does the app see? What lies outside its range does not exist for it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.client.calls.directory import departments, simple_list
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, untried, words_of

NAME = "scope"
ASKED = 20
"""Departments whose colleagues are counted: enough to see whether there is anybody."""


def check(patient: Patient) -> Finding:
    title = _("Visible range of the app")
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Asked for the departments and colleagues the app sees.")
    try:
        patient.seen = _seen(patient)
    except TROUBLES as trouble:
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=widen())
    count = len(patient.seen)
    if not count:
        said = _("It sees nobody.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=widen())
    said = ngettext("It sees %(n)d colleague.", "It sees %(n)d colleagues.", count) % {"n": count}
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)


def _seen(patient: Patient) -> set[str]:
    known = departments(patient.client)
    ids = {each.id for each in known}
    tops = [each.id for each in known if each.parentid not in ids][:ASKED]
    found: set[str] = set()
    for top in tops:
        found.update(each.userid for each in simple_list(patient.client, top))
    return found


def widen() -> str:
    return _(
        "Admin console → App Management → this app → Visible range: add everybody who has customers or owns customer groups, "
        "best by whole departments."
    )
