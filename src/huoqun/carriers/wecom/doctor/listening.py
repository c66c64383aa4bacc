"""Is what arrives taken in?"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from huoqun.carriers import queries as carriers
from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.doctor.patient import Patient
from huoqun.console.figures import when_words

NAME = "listening"
DEAF = timedelta(minutes=10)


def check(patient: Patient) -> Finding:
    title = _("Listening")
    tried = _("Looked whether a worker takes in what arrives for this company.")
    account = patient.corp.account
    heard = carriers.connections([account.community]).filter(carrier=account.carrier, name=account.name).first()
    if heard is None:
        said = _("This company is not listened to yet.")
        remedy = _("Under Connection, press “Listen to this company”.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=remedy)
    if heard.trouble:
        remedy = _("The worker's log has more. It goes on trying by itself.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=_(heard.trouble), remedy=remedy)
    now = patient.now()
    if heard.heard_at is None or now - heard.heard_at > DEAF:
        said = _("No worker has looked for ten minutes.")
        remedy = _("Start one: huoqun serve has one built in, huoqun worker is one alone.")
        verdict = Verdict.BAD if now - heard.made_at > DEAF else Verdict.LOOK
        return Finding(check=NAME, title=title, verdict=verdict, tried=tried, answer=said, remedy=remedy)
    said = _("A worker looked %(when)s.") % {"when": when_words(heard.heard_at, now=now)}
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)
