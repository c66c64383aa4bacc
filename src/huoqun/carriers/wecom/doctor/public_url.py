"""Can WeCom, and colleagues' phones, reach this installation?"""

from __future__ import annotations

import ipaddress

import httpx
from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.doctor.patient import Patient, together

NAME = "public_url"


def check(patient: Patient) -> Finding:
    title = _("Public address")
    url = patient.public_url
    tried = _("Looked at the public address %(url)s and opened it from here.") % {"url": url}
    found = _only_here(httpx.URL(url).host), url.startswith("https://")
    try:
        answer = patient.web.get(f"{url}/healthz")
        answers = answer.status_code == 200 and answer.text.strip() == "ok"
        said = (
            _("It answers.")
            if answers
            else _("Something answers there, but not Huoqun (%(code)d).") % {"code": answer.status_code}
        )
    except (httpx.HTTPError, httpx.InvalidURL) as broke:
        answers, said = False, _("No answer from here (%(what)s).") % {"what": type(broke).__name__}
    verdict, more, remedy = _judged(patient, *found, answers=answers)
    return Finding(check=NAME, title=title, verdict=verdict, tried=tried, answer=together(said, more), remedy=remedy)


def _judged(patient: Patient, only_here: bool, encrypted: bool, *, answers: bool) -> tuple[Verdict, str, str]:
    if only_here and not patient.is_real:
        verdict = Verdict.GOOD if answers else Verdict.BAD
        return (
            verdict,
            _("Only this machine reaches it, which is enough for the WeCom beside it."),
            "" if answers else _start(),
        )
    if only_here:
        return Verdict.BAD, _("Only this machine reaches it: WeCom cannot bring anything there."), _set_it()
    if not answers:
        return Verdict.LOOK, "", _behind()
    if not encrypted:
        said = _("It is not encrypted: WeCom's app warns of such pages, and sign-in does not work with them.")
        return Verdict.LOOK, said, _set_it()
    return Verdict.GOOD, "", ""


def _only_here(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".lan", ".internal"))


def _set_it() -> str:
    return _(
        "Give this installation a name on the internet with a certificate, a reverse proxy in front of it, and start it with "
        "HUOQUN_PUBLIC_URL=https://that-name. In mainland China the domain must be registered (ICP) to the company."
    )


def _start() -> str:
    return _("Start huoqun serve, and let HUOQUN_PUBLIC_URL name the port it listens on.")


def _behind() -> str:
    return _(
        "If the browser of a phone outside your network opens the address, all is well: some networks do not let a machine "
        "reach itself from outside. Otherwise look at the reverse proxy and at HUOQUN_PUBLIC_URL."
    )
