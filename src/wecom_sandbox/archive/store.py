"""The conversation archive of the company: records in their order, the keys they are locked for, and files."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from wecom_sandbox.archive import record
from wecom_sandbox.archive.files import File
from wecom_sandbox.archive.record import PublicKey, Record
from wecom_sandbox.errors import Refusal
from wecom_sandbox.events.builders import ARCHIVE_AGENT

if TYPE_CHECKING:
    from wecom_sandbox.company import Company
    from wecom_sandbox.news import Word

DAY = 86_400

EDITIONS = {1: "office", 2: "service", 3: "enterprise"}
ENTERPRISE = 3

ANSWERS = {"agree", "disagree"}
"""Kept whatever was answered."""


@dataclass
class Trouble:
    """What the next questions of the library are answered with."""

    code: int = 0
    times: int = 0

    def plan(self, code: int, times: int) -> None:
        self.code, self.times = code, times

    def strike(self) -> int:
        """0: none."""
        if self.times <= 0:
            return 0
        self.times -= 1
        return self.code


class Archive:
    """Under the company's lock. Nothing is archived before an administrator has set a public key and licensed somebody."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.keys: list[PublicKey] = []
        self.editions: dict[str, int] = {}
        """userid of a licensed colleague -> 1 office, 2 service, 3 enterprise; 3 where nothing is said."""
        self.records: list[Record] = []
        self.files: dict[str, File] = {}
        self.internal_rooms: dict[str, dict[str, Any]] = {}
        self.robots: dict[str, dict[str, str]] = {}
        self.trouble = Trouble()
        self.file_trouble = Trouble()
        self.not_kept = {"no key": 0, "no licence": 0, "refused": 0}
        self.next_seq = 1
        self._noticed_at = float("-inf")
        self._notice_planned = False

    # What administrators do

    def set_key(self, pem: str, version: int | None = None) -> PublicKey:
        """From now on records are locked for this key. Raises Refusal 40211, 40212."""
        rsa = _rsa_2048(pem)
        newest = self.keys[-1].version if self.keys else 0
        if version is not None and version <= newest:
            raise Refusal(40212, "rsa public key version is lower than the stored one")
        key = PublicKey(version if version is not None else newest + 1, rsa, pem)
        self.keys.append(key)
        return key

    def license(self, userids: Iterable[str], edition: int | None) -> None:
        """None takes the licences away. Raises Refusal 60111."""
        for userid in userids:
            staff = self._company.directory.get(userid)
            staff.licensed = edition is not None
            self.editions[staff.userid] = edition or ENTERPRISE

    def licensed(self) -> dict[str, int]:
        """userid -> edition"""
        present = self._company.directory.present()
        return {staff.userid: self.editions.get(staff.userid, ENTERPRISE) for staff in present if staff.licensed}

    # What people say

    def hear(self, word: Word) -> None:
        """A listener of the company's news: keeps what is to be kept."""
        reason = self._reason_against(word)
        if reason:
            self.not_kept[reason] += 1
            return
        kind = "revoke" if word.recalls else word.kind
        body = {"pre_msgid": word.recalls} if word.recalls else word.body
        self._keep(
            record.message(
                msgid=word.msgid, sender=word.speaker, to=word.to, room=word.chat_id, at_ms=word.at_ms, kind=kind, body=body
            ),
            word.at_ms,
        )

    def write(self, said: Mapping[str, Any]) -> Record | None:
        """Put in a message as it stands, whoever is licensed; None while there is no key."""
        if not self.keys:
            self.not_kept["no key"] += 1
            return None
        return self._keep(dict(said), int(said.get("msgtime", said.get("time", self._company.clock.now() * 1000))))

    def new_msgid(self, at_ms: int, *, outside: bool = True) -> str:
        number = self._company.dice.randrange(10**18, 10**19)
        return f"{number}_{at_ms}{'_external' if outside else ''}"

    def skip(self, count: int) -> None:
        """Numbers nobody will ever see: gaps are normal."""
        self.next_seq += count

    def _reason_against(self, word: Word) -> str:
        if not self.keys:
            return "no key"
        if not any(self._holds_licence(person) for person in (word.speaker, *word.to)):
            return "no licence"
        if word.kind in ANSWERS:
            return ""
        speaker = self._company.customers.find(word.speaker)
        return "refused" if speaker is not None and speaker.archiving == "Disagree" else ""

    def _holds_licence(self, person: str) -> bool:
        staff = self._company.directory.find(person)
        return staff is not None and staff.licensed

    def _keep(self, said: dict[str, Any], at_ms: int) -> Record:
        kept = Record(self.next_seq, at_ms, said, self.keys[-1])
        self.next_seq += 1
        self.records.append(kept)
        self._tell()
        return kept

    def _tell(self) -> None:
        """Tell the apps that there is something new: at most so often, and then also of what came meanwhile."""
        if self._notice_planned:
            return
        clock = self._company.clock
        wait = self._noticed_at + self._company.settings.archive_notice_seconds - clock.exact()
        if wait > 0:
            self._notice_planned = True
            self._company.agenda.after(wait, self._tell_planned)
            return
        self._noticed_at = clock.exact()
        self._company.happened("msgaudit_notify", fields={"AgentID": ARCHIVE_AGENT})

    def _tell_planned(self) -> None:
        self._notice_planned = False
        self._tell()

    # What the library asks

    def pull(self, after: int, limit: int) -> list[Record]:
        """Records with a number greater than this, lowest first; not those too old to be pulled."""
        start = bisect.bisect_right(self.records, after, key=lambda kept: kept.seq)
        too_old = (self._company.clock.exact() - self._company.settings.archive_days * DAY) * 1000
        younger = (kept for kept in islice(self.records, start, None) if kept.at_ms > too_old)
        return list(islice(younger, limit))

    def keep_file(self, content: bytes) -> File:
        company = self._company
        file = File(company.new_id("sdkfile"), content, company.clock.exact())
        self.files[file.sdkfileid] = file
        return file

    def file(self, sdkfileid: str) -> File | None:
        """None where there never was one, or no longer is."""
        file = self.files.get(sdkfileid)
        if file is None or file.kept_at < self._company.clock.exact() - self._company.settings.archive_days * DAY:
            return None
        return file


def _rsa_2048(pem: str) -> RSAPublicKey:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise Refusal(40211, "rsa public key is invalid") from wrong
    if not isinstance(key, RSAPublicKey) or key.key_size != 2048:
        raise Refusal(40211, "rsa public key is not one of 2048 bits")
    return key


def plug(company: Company) -> None:
    company.news.on_word(company.part(Archive).hear)
