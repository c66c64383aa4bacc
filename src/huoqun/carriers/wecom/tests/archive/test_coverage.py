"""Whom the archive hears, asked of the sandbox: licences, members, and what customers answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huoqun.carriers.wecom.archive import coverage, operations, queries, rules
from huoqun.carriers.wecom.archive.coverage import Surveyor
from huoqun.carriers.wecom.archive.operations import Page
from huoqun.carriers.wecom.models import Archive, ArchiveConsent, ArchiveCoverage, Chat, Corp
from huoqun.carriers.wecom.tests.archive.far_side import Clock
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.vocabulary.heard import Deaf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC) + timedelta(seconds=1))


@pytest.fixture
def corp(sandbox: Sandbox) -> Corp:
    corp = sandbox.corp("balcony")
    corp.save()
    operations.begin(corp)
    return corp


@pytest.fixture
def surveyor(clock: Clock) -> Surveyor:
    return Surveyor(clock=clock)


def groups(sandbox: Sandbox) -> dict[str, list[Any]]:
    """The far side's groups with their members."""
    company = sandbox.company
    assert company is not None
    with company.lock:
        return {group.chat_id: list(company.groups.members(group)) for _number, group in company.groups.walk()}


def staff_of(members: list[Any]) -> set[str]:
    return {member.id for member in members if member.type == 1}


def covered(corp: Corp, *, now: datetime | None = None) -> dict[str, bool]:
    """The archive is read, and says this of the groups."""
    Archive.objects.filter(corp=corp, asked_at=None).update(asked_at=datetime.now(UTC))
    return {each.group_id: each.deaf is None for each in queries.heard(corp, now=now or datetime.now(UTC))}


def license_only(sandbox: Sandbox, *userids: str) -> None:
    sandbox.control("archive/licences", {"userids": "all", "edition": None})
    sandbox.control("archive/licences", {"userids": list(userids), "edition": 3})


def test_a_group_is_heard_where_a_colleague_with_a_licence_is_a_member(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor
) -> None:
    there = groups(sandbox)
    holder = sorted(staff_of(next(iter(there.values()))))[0]
    license_only(sandbox, holder)
    assert not surveyor.round()
    heard = {chat_id: holder in staff_of(members) for chat_id, members in there.items()}
    assert covered(corp) == heard
    assert any(heard.values())
    assert Archive.objects.get(corp=corp).licensed == [holder]
    row = ArchiveCoverage.objects.get(group_id=next(iter(there)))
    members = there[row.group_id]
    assert (row.members, row.colleagues, row.licensed) == (len(members), len(staff_of(members)), 1)
    assert row.name


def test_without_any_licence_no_group_is_heard(sandbox: Sandbox, corp: Corp, surveyor: Surveyor) -> None:
    license_only(sandbox)
    surveyor.round()
    assert set(covered(corp).values()) == {False}
    assert queries.coverage_counts(corp) == {"known": 12, "checked": 12, "reached": 0, "refusing": 0}


def test_who_refused_is_counted_in_the_group(sandbox: Sandbox, corp: Corp, surveyor: Surveyor) -> None:
    company = sandbox.company
    assert company is not None
    chat_id, members = next((each, members) for each, members in groups(sandbox).items() if len(members) > 2)
    customer = next(member.id for member in members if member.type == 2)
    with company.lock:
        own = company.customers.own(customer)
        own.archiving, own.archiving_at = "Disagree", 1772413200
    surveyor.round()
    row = ArchiveCoverage.objects.get(group_id=chat_id)
    assert (row.refused, row.agreed + row.by_default + row.refused) == (1, row.customers)
    consent = ArchiveConsent.objects.get(group_id=chat_id, person_id=customer)
    assert (consent.answer, consent.at) == ("Disagree", datetime(2026, 3, 2, 1, tzinfo=UTC))


def test_groups_are_looked_at_some_at_a_time_and_again_the_next_day(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "AT_ONCE", 5)
    checked = []
    while surveyor.round():
        checked.append(queries.coverage_counts(corp)["checked"])
    assert checked == [5, 10]
    assert queries.coverage_counts(corp)["checked"] == 12
    before = sandbox.control("calls")["counts"]
    clock.advance(rules.CHORES_EVERY)
    surveyor.round()
    assert sandbox.control("calls")["counts"] == before
    clock.advance(rules.CHECK_EVERY)
    while surveyor.round():
        pass
    asked = sandbox.control("calls")["counts"]
    path = "/cgi-bin/externalcontact/groupchat/get"
    assert asked[path] == 2 * before[path] == 24


def test_a_group_that_is_gone_is_gone_and_a_new_one_comes(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock
) -> None:
    surveyor.round()
    first, *_others = groups(sandbox)
    sandbox.people("dismiss_group", chat_id=first)
    owner = sandbox.control("staff")["staff"][0]["userid"]
    new = sandbox.people("create_group", owner=owner, name="周末徒步")["chat_id"]
    clock.advance(rules.CHECK_EVERY)
    surveyor.round()
    known = set(ArchiveCoverage.objects.values_list("group_id", flat=True))
    assert (first in known, new in known, len(known)) == (False, True, 12)


def test_one_group_that_cannot_be_looked_at_stops_no_other(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock
) -> None:
    sandbox.fault("errcode", "/cgi-bin/msgaudit/check_room_agree", errcode=60011, times=1)
    surveyor.round()
    failed = ArchiveCoverage.objects.get(code=60011)
    assert failed.checked_at is not None
    assert failed.check_at == clock() + rules.CHECK_AGAIN
    assert queries.coverage_counts(corp)["checked"] == 12


def test_a_group_the_far_side_does_not_know_is_forgotten(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock
) -> None:
    operations.list_groups(corp, ["wrNoSuchGroup0001"], now=clock())
    surveyor.round()
    assert not ArchiveCoverage.objects.filter(group_id="wrNoSuchGroup0001").exists()
    assert ArchiveCoverage.objects.count() == 12


def test_a_secret_that_is_refused_is_told_and_asked_again_only_later(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock
) -> None:
    Corp.objects.filter(pk=corp.pk).update(archive_secret="not-the-secret")
    assert not surveyor.round()
    archive = Archive.objects.get(corp=corp)
    assert "secret" in archive.coverage_trouble
    assert "not-the-secret" not in archive.coverage_trouble
    assert archive.chores_at == clock() + rules.CHORES_AGAIN
    Corp.objects.filter(pk=corp.pk).update(archive_secret=sandbox.json["archive_secret"])
    clock.advance(rules.CHORES_AGAIN)
    surveyor.round()
    assert Archive.objects.get(corp=corp).coverage_trouble == ""


def test_where_not_one_group_can_be_looked_at_the_reason_is_told(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock
) -> None:
    sandbox.fault("errcode", "/cgi-bin/externalcontact/groupchat/get", errcode=84074, times=100)
    assert not surveyor.round()
    archive = Archive.objects.get(corp=corp)
    assert "may not use customer contact" in archive.coverage_trouble
    assert archive.chores_at == clock() + rules.CHORES_AGAIN
    assert queries.coverage_counts(corp)["checked"] == 0


def test_asked_to_look_again_it_asks_everything_anew(sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock) -> None:
    license_only(sandbox)
    surveyor.round()
    sandbox.control("archive/licences", {"userids": "all", "edition": 3})
    operations.check_all_again(corp, now=clock())
    surveyor.round()
    assert set(covered(corp).values()) == {True}


def test_two_workers_never_look_after_one_company(corp: Corp, surveyor: Surveyor, clock: Clock) -> None:
    (archive,) = queries.due_archives(clock())
    assert operations.take_chores(archive, until=clock() + coverage.TURN)
    assert not surveyor.round()


def test_a_company_without_an_archive_is_left_alone(corp: Corp, surveyor: Surveyor) -> None:
    Corp.objects.filter(pk=corp.pk).update(archive_secret="")
    assert not surveyor.round()
    assert not ArchiveCoverage.objects.exists()


def test_a_group_is_heard_from_the_day_on_which_somebody_there_got_a_licence(
    sandbox: Sandbox, corp: Corp, surveyor: Surveyor, clock: Clock
) -> None:
    license_only(sandbox)
    surveyor.round()
    Archive.objects.update(asked_at=clock())
    told = list(queries.heard(corp, now=clock()))
    assert {(each.deaf, each.since) for each in told} == {(Deaf.NO_LICENCE, None)}
    sandbox.control("archive/licences", {"userids": "all", "edition": 3})
    clock.advance(rules.CHECK_EVERY)
    surveyor.round()
    Archive.objects.update(asked_at=clock())
    assert {(each.deaf, each.since) for each in queries.heard(corp, now=clock())} == {(None, clock())}
    since = clock()
    clock.advance(rules.CHECK_EVERY)
    surveyor.round()
    Archive.objects.update(asked_at=clock())
    assert {each.since for each in queries.heard(corp, now=clock())} == {since}


def test_a_group_thought_deaf_is_looked_at_again_once_something_is_read_of_it(corp: Corp, clock: Clock) -> None:
    at = clock()
    checked = {"corp": corp, "checked_at": at, "check_at": at + rules.CHECK_EVERY}
    ArchiveCoverage.objects.create(**checked, group_id="wrMute", licensed=0)
    ArchiveCoverage.objects.create(**checked, group_id="wrHeard", licensed=1)
    operations.keep_found(corp, Page(seq=1, spoken={"wrMute": at, "wrHeard": at}), now=at)
    assert ArchiveCoverage.objects.get(group_id="wrMute").check_at == at
    assert ArchiveCoverage.objects.get(group_id="wrHeard").check_at == at + rules.CHECK_EVERY


@pytest.mark.parametrize(("licensed", "customers", "refused", "why"), [
    (0, 9, 0, Deaf.NO_LICENCE),
    (1, 9, 9, Deaf.NO_CONSENT),
    (1, 9, 8, None),
    (1, 0, 0, None),
])  # fmt: skip
def test_a_group_is_deaf_without_a_licence_and_where_everybody_refused(
    licensed: int, customers: int, refused: int, why: Deaf | None
) -> None:
    assert rules.deaf_to(licensed=licensed, customers=customers, refused=refused) == why


def test_without_an_archive_and_while_nobody_reads_it_no_group_is_heard(corp: Corp, clock: Clock) -> None:
    Chat.objects.create(corp=corp, chat_id="wrOne")
    ArchiveCoverage.objects.create(corp=corp, group_id="wrOne", checked_at=clock(), check_at=clock(), licensed=2)

    def told() -> list[tuple[str, Deaf | None, datetime | None]]:
        return [(each.group_id, each.deaf, each.since) for each in queries.heard(corp, now=clock())]

    assert told() == [("wrOne", Deaf.NOT_READ, None)]
    read_at = clock()
    Archive.objects.update(asked_at=read_at)
    assert told() == [("wrOne", None, None)]
    clock.advance(rules.SILENT_AFTER * 2)
    assert told() == [("wrOne", Deaf.NOT_READ, read_at)]
    corp.archive_secret = ""
    assert told() == [("wrOne", Deaf.NO_ARCHIVE, read_at)]
