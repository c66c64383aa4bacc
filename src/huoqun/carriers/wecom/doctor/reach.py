"""Does WeCom answer at all, and do its clock and ours agree?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.doctor.patient import Patient, unreached

NAME = "clock"
TOLERATED = timedelta(seconds=5)
"""A welcome must be sent within 20 seconds of a moment told by their clock."""
HARMFUL = timedelta(seconds=60)


def check(patient: Patient) -> Finding:
    tried = _("Called %(api)s without a name, and compared its clock with ours.") % {"api": patient.corp.api}
    title = _("Way to WeCom, and clocks")
    try:
        before = patient.now()
        answer = patient.web.get(f"{patient.corp.api.rstrip('/')}/cgi-bin/get_api_domain_ip")
        after = patient.now()
    except (httpx.HTTPError, httpx.InvalidURL) as broke:
        patient.barred = _("WeCom cannot be reached from here.")
        said = _("No answer (%(what)s).") % {"what": type(broke).__name__}
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=unreached(patient))
    theirs = _date(answer)
    if theirs is None:
        said = _("It answers, and does not say what time it is there.")
        return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)
    return _compared(title, tried, _apart(theirs, before, after))


def _compared(title: str, tried: str, apart: timedelta) -> Finding:
    seconds = round(apart.total_seconds())
    if apart <= TOLERATED:
        said = _("It answers, and the clocks agree.")
        return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)
    said = ngettext(
        "It answers, but the clocks are %(n)d second apart.", "It answers, but the clocks are %(n)d seconds apart.", seconds
    )
    remedy = _("Let this machine keep its time by NTP (timedatectl set-ntp true). With a wrong clock welcomes come too late.")
    verdict = Verdict.BAD if apart > HARMFUL else Verdict.LOOK
    return Finding(check=NAME, title=title, verdict=verdict, tried=tried, answer=said % {"n": seconds}, remedy=remedy)


def _date(answer: httpx.Response) -> datetime | None:
    try:
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _apart(theirs: datetime, before: datetime, after: datetime) -> timedelta:
    """Theirs is cut to whole seconds and was said some time between the two: only what lies outside counts."""
    if theirs + timedelta(seconds=1) < before:
        return before - theirs - timedelta(seconds=1)
    return max(theirs - after, timedelta(0))
