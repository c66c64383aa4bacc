"""The conversation archive: secret, address, licences, library, key."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.archive import library
from huoqun.carriers.wecom.archive import queries as archive
from huoqun.carriers.wecom.archive.codes import LibraryMissing
from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.doctor.patient import TROUBLES, Patient, Trouble, together, untried, words_of
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Door

NAME = "archive"
ADDRESS_NOT_TRUSTED = {60020, 301042}


class Licensed(Answer):
    ids: list[str] = []


def check(patient: Patient) -> Finding:
    title = _("Conversation archive")
    if not patient.corp.archive_secret:
        tried = _("Looked for a secret of the archive.")
        said = _(
            "There is none. Without the archive everything works but what is said in groups: members, joins and sends are "
            "known."
        )
        return Finding(check=NAME, title=title, verdict=Verdict.UNUSED, tried=tried, answer=said, remedy=_begin())
    if patient.barred:
        return untried(patient, NAME, title)
    tried = _("Asked who holds a licence (get_permit_user_list), loaded the library, looked for keys.")
    try:
        licensed = patient.client.ask("msgaudit/get_permit_user_list", {}, Licensed, door=Door.ARCHIVE).ids
    except TROUBLES as trouble:
        remedy = _remedy(trouble)
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=words_of(trouble), remedy=remedy)
    return _judged(patient, title, tried, licensed)


def _judged(patient: Patient, title: str, tried: str, licensed: list[str]) -> Finding:
    count = len(licensed)
    said = ngettext("%(n)d colleague holds a licence.", "%(n)d colleagues hold a licence.", count) % {"n": count}
    missing, remedy = _missing(patient, count)
    if missing:
        answer = together(said, missing)
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=answer, remedy=remedy)
    waiting = sum(number for _version, _why, number in archive.held_by_version(patient.corp))
    if waiting:
        words = ngettext(
            "%(n)d record waits for a key we do not have.", "%(n)d records wait for a key we do not have.", waiting
        )
        answer = together(said, words % {"n": waiting})
        return Finding(check=NAME, title=title, verdict=Verdict.BAD, tried=tried, answer=answer, remedy=_key())
    answer = together(said, _("Library and key are there."))
    return Finding(check=NAME, title=title, verdict=Verdict.GOOD, tried=tried, answer=answer)


def _missing(patient: Patient, licensed: int) -> tuple[str, str]:
    """What is not there yet, and what to do about it."""
    if not licensed:
        where = _("Admin console → Management tools → Conversation archive: buy licences and choose who holds them.")
        return _("So nothing is archived."), where
    try:
        library.named_functions(settings.WECOM_ARCHIVE_LIBRARY)
    except LibraryMissing as missing:
        return _(missing.sentence), _library()
    if not archive.keys(patient.corp).exists():
        return _("There is no key yet."), _key()
    return "", ""


def _remedy(trouble: Trouble) -> str:
    if isinstance(trouble, WeComError) and trouble.code in ADDRESS_NOT_TRUSTED:
        where = _("Admin console → Management tools → Conversation archive → Trusted IP: add %(ip)s.")
        return where % {"ip": trouble.ip or _("the public address of this machine")}
    return _("Admin console → Management tools → Conversation archive → Secret: enter it on the page Archive.")


def _begin() -> str:
    return _("To read what is said: buy the archive in the admin console, then follow the page Archive.")


def _library() -> str:
    return _(
        "Download the archive library for Linux from WeCom's developer pages, unpack it on this machine, and start Huoqun with "
        "HUOQUN_WECOM_ARCHIVE_LIBRARY=/path/to/libWeWorkFinanceSdk_C.so."
    )


def _key() -> str:
    return _(
        "Make a key on the page Archive and paste its public half into the admin console → Conversation archive → Message "
        "encryption key."
    )
