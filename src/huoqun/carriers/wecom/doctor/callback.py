"""Would a callback arrive? We ask ourselves what WeCom asks when the address is entered there, and look whether it has."""

from __future__ import annotations

import secrets
from datetime import timedelta

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom import queries
from huoqun.carriers.wecom.callbacks.crypto import BadKey, Keys, lock, signature
from huoqun.carriers.wecom.doctor.patient import Patient
from huoqun.carriers.wecom.operations.companies import OWN_ECHO
from huoqun.console.figures import when_words

NAME = "callback"
QUIET = timedelta(days=3)
"""Even a small company has somebody who joins or leaves within that time."""


def check(patient: Patient) -> Finding:
    title = _("Callback address, token and key")
    tried = _("Sent ourselves the question WeCom asks, locked with token and key, through the public address.")
    problem = _own_echo(patient)
    if problem:
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=problem, remedy=_on_our_side())
    if patient.corp.echoed_at is None:
        said = _("The answer was right. WeCom itself has never asked: the address is not saved in the admin console yet.")
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=said, remedy=_on_their_side())
    return _heard(patient, title, tried)


def _heard(patient: Patient, title: str, tried: str) -> Finding:
    now, last = patient.now(), queries.last_delivery_at(patient.corp)
    if last is None:
        said = _("The answer was right, and WeCom has checked the address. Nothing has been delivered so far.")
        remedy = _("Let a colleague with customer contact change a customer's remark: it arrives within seconds.")
        return Finding(check=NAME, title=title, verdict=Verdict.LOOK, tried=tried, answer=said, remedy=remedy)
    said = _("The answer was right. WeCom's last delivery came %(when)s.") % {"when": when_words(last, now=now)}
    if now - last > QUIET:
        return Finding(check=NAME, title=title, verdict=Verdict.LOOK, tried=tried, answer=said, remedy=_on_their_side())
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=said)


def _own_echo(patient: Patient) -> str:
    """What is wrong with our answer; "" where nothing is."""
    corp, word = patient.corp, f"{OWN_ECHO.decode()}{secrets.token_hex(8)}"
    try:
        keys = Keys(corp.callback_token, corp.callback_key, corp.corpid)
    except BadKey:
        return _("The EncodingAESKey here is not one: it has 43 letters and digits.")
    if not keys.token:
        return _("There is no token here.")
    timestamp, nonce = str(int(patient.now().timestamp())), secrets.token_hex(5)
    locked = lock(keys.key, word.encode(), keys.receiver, random=secrets.token_bytes(16))
    asked = {"msg_signature": signature(keys.token, timestamp, nonce, locked), "timestamp": timestamp, "nonce": nonce}
    try:
        answer = patient.web.get(f"{patient.public_url}/hooks/wecom/{corp.hook}", params={**asked, "echostr": locked})
    except (httpx.HTTPError, httpx.InvalidURL) as broke:
        return _("No answer from here (%(what)s).") % {"what": type(broke).__name__}
    if answer.status_code != 200:
        return _("It answered %(code)d in place of 200.") % {"code": answer.status_code}
    return "" if answer.text == word else _("It answered something else than what was asked.")


def _on_our_side() -> str:
    return _(
        "Mend the public address first. A reverse proxy must pass %(path)s on unchanged, with its query, and ask nobody to "
        "sign in there."
    ) % {"path": "/hooks/"}


def _on_their_side() -> str:
    return _(
        "Copy URL, Token and EncodingAESKey from the page Connection into the admin console → Customers and Upstream → "
        "Customer Contact → API → Server for receiving events, and press Save there. The same three belong into App Management "
        "→ this app → Receive messages → Set up API reception. (%(url)s)"
    ) % {"url": settings.PUBLIC_URL}
