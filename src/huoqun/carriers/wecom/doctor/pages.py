"""Can colleagues sign in with WeCom, and can the side-bar ask who is being talked to?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, untried, words_of
from huoqun.carriers.wecom.operations.tickets import NotAnApp, signature

NAME = "pages"


def check(patient: Patient) -> Finding:
    title = _("Sign-in and side-bar")
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Fetched what pages inside WeCom are signed with (jsapi tickets).")
    try:
        signature(patient.corp, patient.public_url + "/", patient.client, now=patient.now())
    except NotAnApp:
        said = _("The app's id is missing.")
        remedy = _("Admin console → App Management → this app → AgentId: enter it under Connection.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=remedy)
    except TROUBLES as trouble:
        return Finding(
            check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=trust(patient)
        )
    said = _(
        "WeCom gave what sign-in and side-bar need. Whether the domain is trusted shows only on a phone: open the page there."
    )
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said, remedy=trust(patient))


def trust(patient: Patient) -> str:
    words = _(
        "Needed once in the admin console → App Management → this app: “Web authorization and JS-SDK → Trusted domain” with "
        "%(host)s (they have you place a file on it), and “WeCom authorized login → Web page” with the same."
    )
    return words % {"host": patient.public_url.partition("://")[2]}
