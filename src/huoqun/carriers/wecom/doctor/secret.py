"""Are the company id and the app's secret a pair that WeCom knows?"""

from __future__ import annotations

from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, Trouble, unreached, untried, words_of
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Corp, Door

NAME = "secret"
WRONG_COMPANY = 40013


def check(patient: Patient) -> Finding:
    title = _("Company id and the app's secret")
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Asked for an access token with the company id %(corpid)s and the app's secret.") % {
        "corpid": patient.corp.corpid
    }
    if not patient.corp.app_secret:
        patient.barred = _("The app's secret is missing.")
        said = _("There is no secret here yet.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=_secret_again())
    try:
        fresh = patient.client.fresh_token(Door.APP)
    except TROUBLES as trouble:
        patient.barred = _("Without an access token nothing else can be asked.")
        remedy = _remedy(patient, trouble)
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=remedy)
    said = _("WeCom accepts both. What it gave to call with is good for %(minutes)d minutes.") % {
        "minutes": fresh.lasts.total_seconds() // 60
    }
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)


def _remedy(patient: Patient, trouble: Trouble) -> str:
    if not isinstance(trouble, WeComError):
        return unreached(patient)
    if trouble.code == WRONG_COMPANY:
        return _(
            "Admin console → My Company → Company information → Company ID: copy it from there, and connect the company anew."
        )
    return _secret_again()


def _secret_again() -> str:
    return _(
        "Admin console → App Management → this app → Secret → View: WeCom sends it to the app on your phone. Enter it here "
        "under Connection. Was it reset there, the old one is good for nothing."
    )


def why_not(corpid: str, secret: str, api: str) -> str:
    """Of a pair that is not kept yet."""
    corp = Corp(corpid=corpid, app_secret=secret, **({"api": api} if api else {}))
    try:
        client_for(corp).fresh_token(Door.APP)
    except TROUBLES as trouble:
        return words_of(trouble)
    return ""
