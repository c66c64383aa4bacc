"""The only place which changes the archive's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from huoqun.carriers.wecom.models import (
    NAME,
    Archive,
    ArchiveConsent,
    ArchiveCoverage,
    ArchiveFile,
    ArchiveForgotten,
    ArchiveGap,
    ArchiveHeld,
    ArchiveKey,
    ArchiveRaw,
    Corp,
)
from huoqun.console.models import Staff
from huoqun.vocabulary.ids import Account, person_key

from . import rules
from .keys import Pair, new_pair
from .queries import forgotten
from .records import Agreed, Passed

BATCH = 500


@dataclass(slots=True)
class Page:
    """What a page of records came to, beside the events."""

    seq: int
    """Number of its last record."""
    count: int = 0
    more: bool = False
    newest_at: datetime | None = None
    passed: Counter[Passed] = field(default_factory=Counter)
    held: list[ArchiveHeld] = field(default_factory=list)
    raw: list[ArchiveRaw] = field(default_factory=list)
    files: list[ArchiveFile] = field(default_factory=list)
    agreed: list[Agreed] = field(default_factory=list)
    spoken: dict[str, datetime] = field(default_factory=dict)
    """By group: when its newest message was said."""


def begin(corp: Corp) -> Archive:
    return Archive.objects.get_or_create(corp=corp)[0]


def set_up(corp: Corp, *, proxy: str, proxy_password: str, file_limit_mb: int) -> None:
    """A password that is "" stays as it was, unless there is no proxy any more."""
    archive = begin(corp)
    archive.proxy, archive.file_limit_mb = proxy, file_limit_mb
    archive.proxy_password = (proxy_password or archive.proxy_password) if proxy else ""
    archive.save(update_fields=["proxy", "proxy_password", "file_limit_mb"])


def make_key(corp: Corp, *, by: Staff | None, now: datetime) -> ArchiveKey:
    """A new pair, of no version yet."""
    pair = new_pair()
    return ArchiveKey.objects.create(corp=corp, public=pair.public, private=pair.private, by=by, made_at=now)


def keep_key(corp: Corp, pair: Pair, *, version: int | None, by: Staff | None, now: datetime) -> ArchiveKey | None:
    """Kept for ever; None where there is another key of this version. The same pair again is only given its version."""
    with transaction.atomic():
        known = ArchiveKey.objects.select_for_update().filter(corp=corp, public=pair.public).first()
        if known is not None:
            return known if version is None or known.version == version or set_version(known, version) else None
        if version is not None and ArchiveKey.objects.filter(corp=corp, version=version).exists():
            return None
        return ArchiveKey.objects.create(
            corp=corp, public=pair.public, private=pair.private, version=version, by=by, made_at=now
        )


def set_version(key: ArchiveKey, version: int) -> bool:
    """False where the key has another version already, or another key this one."""
    try:
        with transaction.atomic():
            named = ArchiveKey.objects.filter(pk=key.pk, version=None).update(version=version)
    except IntegrityError:
        return False
    return bool(named)


def discover_version(key_id: int, version: int) -> None:
    """A record was opened with a key nobody had given its version yet."""
    set_version(ArchiveKey(pk=key_id), version)


@transaction.atomic
def keep_page(corp: Corp, page: Page, *, now: datetime) -> None:
    """Everything on a page but its events, and how far reading has come. The same page again changes nothing."""
    archive = Archive.objects.select_for_update().get_or_create(corp=corp)[0]
    keep_found(corp, page, now=now)
    missed = rules.missed(archive.asked_at, now)
    if missed is not None:
        gap = ArchiveGap(corp=corp, begins_at=missed[0], ends_at=missed[1], found_at=now)
        ArchiveGap.objects.bulk_create([gap], ignore_conflicts=True)
    _move_on(archive, page, now=now)


def keep_found(corp: Corp, page: Page, *, now: datetime) -> None:
    """What was found in records, whether they came just now or were unlocked later."""
    ArchiveHeld.objects.bulk_create(page.held, batch_size=BATCH, ignore_conflicts=True)
    ArchiveRaw.objects.bulk_create(page.raw, batch_size=BATCH, ignore_conflicts=True)
    ArchiveFile.objects.bulk_create(page.files, batch_size=BATCH, ignore_conflicts=True)
    _keep_answers(corp, page.agreed)
    _note_spoken(corp, page.spoken, now=now)


def _move_on(archive: Archive, page: Page, *, now: datetime) -> None:
    if page.more and not archive.more:
        archive.behind_since, archive.behind_from = now, page.newest_at
    elif not page.more:
        archive.behind_since = archive.behind_from = None
    if page.seq > archive.seq:
        archive.records += page.count
        archive.private += page.passed[Passed.PRIVATE]
        archive.internal += page.passed[Passed.INTERNAL]
        archive.switched += page.passed[Passed.SWITCHED]
        archive.seq = page.seq
    if page.newest_at is not None:
        archive.newest_at = max(page.newest_at, archive.newest_at or page.newest_at)
    archive.asked_at, archive.more = now, page.more
    archive.save()


def _keep_answers(corp: Corp, agreed: Iterable[Agreed]) -> None:
    answers = {True: ArchiveConsent.Answer.AGREED, False: ArchiveConsent.Answer.REFUSED}
    rows = {
        (each.group_id, each.person_id): ArchiveConsent(
            corp=corp, group_id=each.group_id, person_id=each.person_id, answer=answers[each.yes], at=each.at
        )
        for each in agreed
    }
    keep_consents(list(rows.values()))


def keep_consents(rows: Sequence[ArchiveConsent]) -> None:
    """The latest answer stands."""
    ArchiveConsent.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["corp", "group_id", "person_id"],
        update_fields=["answer", "at"],
    )


def _note_spoken(corp: Corp, spoken: dict[str, datetime], *, now: datetime) -> None:
    """Groups nobody had heard of are looked at soon."""
    rows = [ArchiveCoverage(corp=corp, group_id=group, last_at=at, check_at=now) for group, at in spoken.items()]
    ArchiveCoverage.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["corp", "group_id"],
        update_fields=["last_at"],
    )
    # Something is heard of them after all: whoever found otherwise looks again.
    mute = ArchiveCoverage.objects.filter(corp=corp, licensed=0, checked_at__isnull=False, check_at__gt=now)
    if spoken:
        mute.filter(group_id__in=list(spoken)).update(check_at=now)


def still_locked(held: Sequence[ArchiveHeld]) -> None:
    """They were tried, and with what and why not has been written on them."""
    ArchiveHeld.objects.bulk_update(held, ["tried_with", "why", "code"], batch_size=BATCH)


def given(held: Collection[ArchiveHeld], *, now: datetime) -> None:
    """They were opened and are handed on. Until `drop_given` they stay: whoever was to keep them may not have."""
    ArchiveHeld.objects.filter(pk__in=[each.pk for each in held]).update(given_at=now)


def drop_given(corp: Corp, up_to: int) -> None:
    """What was handed on is surely kept."""
    ArchiveHeld.objects.filter(corp=corp, given_at__isnull=False, pk__lte=up_to).delete()


def take_back(corp: Corp) -> None:
    """What was handed on may not have been kept: it is opened again."""
    ArchiveHeld.objects.filter(corp=corp, given_at__isnull=False).update(given_at=None, tried_with="")


def take_file(file: ArchiveFile, *, until: datetime) -> bool:
    """Whether the file is this caller's until then."""
    free = ArchiveFile.objects.filter(pk=file.pk, state=ArchiveFile.State.WAITING, next_at=file.next_at)
    taken = free.update(next_at=until)
    file.next_at = until
    return bool(taken)


def got_piece(file: ArchiveFile, *, index: str, got: int, until: datetime) -> bool:
    """So much of it lies on disk. False: it is no longer this caller's."""
    mine = ArchiveFile.objects.filter(pk=file.pk, state=ArchiveFile.State.WAITING, next_at=file.next_at)
    kept = mine.update(index=index, got=got, next_at=until)
    file.index, file.got, file.next_at = index, got, until
    return bool(kept)


def finish_file(file: ArchiveFile, *, stored: str, got: int) -> None:
    """It lies whole in our folder under this name."""
    kept = {"state": ArchiveFile.State.KEPT, "stored": stored, "got": got, "index": "", "code": None}
    ArchiveFile.objects.filter(pk=file.pk).update(**kept)


def end_file(file: ArchiveFile, state: ArchiveFile.State, *, code: int | None = None) -> None:
    """Nothing of it is kept, and nobody tries again."""
    ArchiveFile.objects.filter(pk=file.pk).update(state=state, got=0, index="", code=code)


def again_later(file: ArchiveFile, *, wait: timedelta, now: datetime, code: int | None, afresh: bool = False) -> None:
    """The try failed. `afresh`: what there is of it does not hold together and is fetched from its first piece."""
    changes = {"index": "", "got": 0} if afresh else {}
    ArchiveFile.objects.filter(pk=file.pk).update(tries=F("tries") + 1, next_at=now + wait, code=code, **changes)


def put_off_file(file: ArchiveFile, *, until: datetime) -> None:
    """Not the file's fault: it loses no try."""
    ArchiveFile.objects.filter(pk=file.pk).update(next_at=until)


def forget_people(community: str, native_ids: Collection[str]) -> list[str]:
    """What the archive's rows hold of these people goes, and what they say later is not kept. Returns which files have to go,
    as "company/name".
    """
    where = Account(community, NAME, "")
    rows = [ArchiveForgotten(community=community, key=person_key(where, native_id)) for native_id in native_ids]
    ArchiveForgotten.objects.bulk_create(rows, ignore_conflicts=True)
    stored: list[str] = []
    for native_id in native_ids:
        files = ArchiveFile.objects.filter(corp__community=community, author_id=native_id)
        stored += [f"{corp}/{name}" for corp, name in files.exclude(stored="").values_list("corp_id", "stored")]
        files.delete()
        ArchiveConsent.objects.filter(corp__community=community, person_id=native_id).delete()
        ArchiveRaw.objects.filter(corp__community=community, raw__contains=native_id).delete()
    return stored


def take_chores(archive: Archive, *, until: datetime) -> bool:
    """Whether looking after this archive is this caller's until then."""
    taken = Archive.objects.filter(pk=archive.pk, chores_at=archive.chores_at).update(chores_at=until)
    archive.chores_at = until
    return bool(taken)


def chores_done(archive: Archive, *, next_at: datetime, trouble: str = "") -> None:
    Archive.objects.filter(pk=archive.pk).update(chores_at=next_at, coverage_trouble=trouble[:300])


def keep_licensed(archive: Archive, userids: Sequence[str]) -> None:
    hidden = forgotten(archive.corp)
    archive.licensed = sorted({holder_of(userid, archive.corp.account, hidden) for userid in userids})
    Archive.objects.filter(pk=archive.pk).update(licensed=archive.licensed)


def holder_of(userid: str, account: Account, hidden: Collection[int]) -> str:
    """As whom a colleague is kept among those with a licence: who was erased by their key alone, from which nobody finds out
    who it was. The licence still makes groups heard.
    """
    key = person_key(account, userid)
    return f"#{key}" if key in hidden else userid


def forget_licence(community: str, native_ids: Collection[str]) -> None:
    for archive in Archive.objects.filter(corp__community=community).select_related("corp"):
        if set(native_ids) & set(archive.licensed):
            keep_licensed(archive, archive.licensed)


def list_groups(corp: Corp, group_ids: Sequence[str], *, now: datetime) -> None:
    """Groups that are there; those nobody had heard of are looked at soon."""
    rows = [ArchiveCoverage(corp=corp, group_id=group, check_at=now) for group in dict.fromkeys(group_ids)]
    ArchiveCoverage.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    for at in range(0, len(group_ids), BATCH):
        ArchiveCoverage.objects.filter(corp=corp, group_id__in=group_ids[at : at + BATCH]).update(listed_at=now)


def groups_listed(archive: Archive, *, began: datetime, now: datetime) -> None:
    """All there are were listed: those that were not, and in which nobody has spoken since, are gone."""
    gone = ArchiveCoverage.objects.filter(corp=archive.corp_id).exclude(listed_at__gte=began)
    gone.exclude(last_at__gte=began - rules.CHECK_EVERY).delete()
    archive.groups_listed_at = now
    Archive.objects.filter(pk=archive.pk).update(groups_listed_at=now)


def keep_coverage(rows: Sequence[ArchiveCoverage]) -> None:
    fields = ["name", "members", "customers", "colleagues", "licensed", "agreed", "by_default", "refused"]
    ArchiveCoverage.objects.bulk_update(rows, [*fields, "checked_at", "check_at", "turned_at", "code"], batch_size=100)


def drop_coverage(rows: Sequence[ArchiveCoverage]) -> None:
    ArchiveCoverage.objects.filter(pk__in=[row.pk for row in rows]).delete()


def check_all_again(corp: Corp, *, now: datetime) -> None:
    """Everything about coverage is asked anew, soon."""
    ArchiveCoverage.objects.filter(corp=corp).update(check_at=now)
    Archive.objects.filter(corp=corp).update(groups_listed_at=None, chores_at=now)
