"""May the app use customer contact, and has anybody the right to have customers?"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.client.calls.directory import following
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, untried, words_of
from huoqun.carriers.wecom.doctor.scope import widen

NAME = "customer_contact"


def check(patient: Patient) -> Finding:
    title = _("Right to customer contact")
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Asked who may have customers (get_follow_user_list).")
    try:
        followers = following(patient.client)
    except TROUBLES as trouble:
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=allow_app())
    if not followers:
        said = _("The app may ask, but nobody has the right to have customers.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=allow_people())
    said = ngettext("%(n)d colleague may have customers.", "%(n)d colleagues may have customers.", len(followers))
    said %= {"n": len(followers)}
    unseen = sorted(set(followers) - patient.seen) if patient.seen else []
    if unseen:
        words = _("%(said)s The app does not see %(n)d of them: %(names)s.")
        said = words % {"said": said, "n": len(unseen), "names": "、".join(unseen[:5])}
        return Finding(check=NAME, title=title, verdict=Verdict.LOOK, tried=tried, answer=said, remedy=widen())
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)


def allow_app() -> str:
    return _(
        "Admin console → Customers and Upstream → Customer Contact → API → Apps that may call: add this app. A right given a "
        "moment ago takes a few minutes."
    )


def allow_people() -> str:
    return _(
        "Admin console → Customers and Upstream → Customer Contact → Permissions → Scope of use: add the colleagues who have "
        "customers."
    )
