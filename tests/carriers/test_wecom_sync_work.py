"""The sync as a job, and the page that shows it: asked for, stopped, gone on with, in trouble, finished."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.test import Client as Browser
from django.utils import timezone

from huoqun.carriers import operations as carriers
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Corp, Sync
from huoqun.carriers.wecom.sync import groups, roster
from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.console.operations import add_staff
from huoqun.inbox.models import Entry
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job, State
from huoqun.jobs.run import Run, work_on
from huoqun.vocabulary.ids import Account
from huoqun.wiring import syncing
from huoqun.wiring.long_work import CALENDAR, LONG_WORK
from tests.carriers.far_company import FarCompany

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def balcony(transactional_db: None) -> Community:
    return communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)


@pytest.fixture
def corp(balcony: Community) -> Corp:
    return Corp.objects.create(
        community="balcony", corpid="ww0balcony", name="栀野", api="http://wecom.test", app_secret="s", made_at=NOW
    )


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[FarCompany]:
    company = FarCompany()
    company.populate(groups=30, members=8)
    line = company.line()
    monkeypatch.setattr(roster, "client_for", lambda corp, now: Client(corp, http=line, now=now, sleep=lambda _: None))
    monkeypatch.setattr(groups, "AT_ONCE", 5)
    yield company
    line.close()


def work(now: datetime = NOW, closing_after: int | None = None) -> Job:
    """Take the job that is due and do it; `closing_after`: the worker is told to stop when so many pages are through."""
    job = jobs.claim(LONG_WORK.keys(), now=now)
    assert job is not None
    ticks = iter(range(10_000))
    closing = (lambda: False) if closing_after is None else (lambda: next(ticks) >= closing_after)
    work_on(job, LONG_WORK[job.kind], clock=lambda: now, closing=closing)
    job.refresh_from_db()
    return job


def test_the_job_reads_everything_and_says_so_in_the_log(corp: Corp, far: FarCompany) -> None:
    asked = syncing.ask(corp.account, by=None, now=NOW)
    assert syncing.ask(corp.account, by=None, now=NOW).pk == asked.pk
    assert work().state == State.DONE
    assert Group.objects.count() == 30
    assert Sync.objects.get().state == Sync.State.DONE
    told = json.loads(Entry.objects.get(name="RosterTaken").payload)
    assert (told["groups"], told["joined"], told["left"]) == (30, 270, 0)


def test_a_worker_that_is_shut_down_puts_it_down_and_the_next_goes_on(corp: Corp, far: FarCompany) -> None:
    syncing.ask(corp.account, by=None, now=NOW)
    assert work(closing_after=5).state == State.WAITING
    known = Group.objects.count()
    assert known < 30
    assert work().state == State.DONE
    assert Group.objects.count() == 30
    assert Sync.objects.get().interruptions == 1


def test_who_stops_it_keeps_what_was_read(corp: Corp, far: FarCompany) -> None:
    syncing.ask(corp.account, by=None, now=NOW)
    job = jobs.claim(LONG_WORK.keys(), now=NOW)
    assert job is not None
    run = Run(job, lambda: NOW)
    stopped = iter([False, False, False, True])
    run.cancelled = lambda: next(stopped, True)  # type: ignore[method-assign]
    from huoqun.jobs.errors import Cancelled

    steps = iter(range(1, 1000))
    run.now = lambda: NOW + timedelta(seconds=next(steps))
    with pytest.raises(Cancelled):
        syncing.run_sync(run)
    walk = Sync.objects.get()
    assert (walk.state, walk.trouble) == (Sync.State.STOPPED, "")
    assert 0 < Group.objects.count() < 30 or walk.step == Sync.Step.LIST


def test_an_asked_for_stop_reaches_the_job(corp: Corp, far: FarCompany) -> None:
    job = syncing.ask(corp.account, by=None, now=NOW)
    syncing.stop(corp.account, now=NOW)
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_carrier_that_is_silent_is_asked_again_later(corp: Corp, far: FarCompany) -> None:
    def break_off(call: str) -> None:
        raise httpx.ConnectError("no route")

    far.before = break_off
    syncing.ask(corp.account, by=None, now=NOW)
    job = work()
    assert (job.state, job.not_before) == (State.WAITING, NOW + syncing.AGAIN)
    walk = Sync.objects.get()
    assert walk.state == Sync.State.STOPPED
    assert "does not answer" in walk.trouble
    far.before = None
    assert work(NOW + syncing.AGAIN).state == State.DONE


def test_what_a_person_has_to_mend_ends_the_job_with_the_remedy(corp: Corp, far: FarCompany) -> None:
    far.refusals = {("externalcontact/get_follow_user_list", ""): 60020}
    syncing.ask(corp.account, by=None, now=NOW)
    job = work()
    assert job.state == State.FAILED
    assert "trusted IPs" in job.error
    assert "trusted IPs" in Sync.objects.get().trouble


def test_every_night_each_company_that_is_listened_to_is_read_again(corp: Corp, far: FarCompany) -> None:
    carriers.connect(corp.account, now=NOW)
    carriers.connect(corp.archive_account, now=NOW)
    carriers.connect(Account("balcony", "nobody", "x"), now=NOW)
    jobs.ask("nightly_syncs", {}, key="2026-03-02", by=None, now=NOW)
    assert "nightly_syncs" in {daily.kind for daily in CALENDAR}
    assert work().state == State.DONE
    assert list(Job.objects.filter(kind="sync").values_list("key", flat=True)) == ["balcony/wecom/ww0balcony"]


# The page


def browser(name: str, role: Role, home: Community | None = None) -> tuple[Browser, Staff]:
    staff = add_staff(name, role=role, language="en")
    if home:
        communities.seat(staff, home)
    client = Browser()
    client.force_login(staff)
    return client, staff


def words(client: Browser, corp: Corp) -> str:
    answer = client.get(f"/wecom/{corp.pk}/sync/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_leads_from_nothing_to_everything(corp: Corp, far: FarCompany, balcony: Community) -> None:
    mo, staff = browser("mo", Role.LEAD, balcony)
    assert "Nothing has been read yet." in words(mo, corp)
    assert mo.post(f"/wecom/{corp.pk}/sync/begin/").status_code == 302
    assert Job.objects.get(kind="sync").asked_by == staff
    work(timezone.now())
    shown = words(mo, corp)
    assert "All 30 groups are read, with 270 members." in shown
    assert "the first: everything was new" in shown
    assert "Read everything again" in shown


def test_what_could_not_be_read_is_named_with_the_reason(corp: Corp, far: FarCompany, balcony: Community) -> None:
    mo, _ = browser("mo", Role.LEAD, balcony)
    far.refusals = {("externalcontact/groupchat/get", "wr0003"): 60021}
    syncing.ask(corp.account, by=None, now=NOW)
    work()
    shown = words(mo, corp)
    assert "29 of 30 groups are read" in shown
    assert "wr0003" in shown
    assert "Widen its visible range" in shown


def test_the_page_says_what_events_had_missed(corp: Corp, far: FarCompany, balcony: Community) -> None:
    mo, _ = browser("mo", Role.LEAD, balcony)
    for day in range(3):
        syncing.ask(corp.account, by=None, now=NOW + timedelta(days=day))
        work(NOW + timedelta(days=day))
        if day == 1:
            assert "events had missed nothing" in words(mo, corp)
            del far.chats["wr0000"]["member_list"][1:4]
    assert "0 came and 3 went unheard" in words(mo, corp)


def test_a_walk_that_stands_still_says_why_and_can_be_gone_on_with(corp: Corp, far: FarCompany, balcony: Community) -> None:
    mo, _ = browser("mo", Role.LEAD, balcony)
    far.refusals = {("externalcontact/groupchat/get", ""): 60020}
    syncing.ask(corp.account, by=None, now=NOW)
    work()
    shown = words(mo, corp)
    assert "list of trusted IPs" in shown
    assert "Go on" in shown


def test_others_see_nothing_of_it(corp: Corp, far: FarCompany, balcony: Community) -> None:
    elsewhere = communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW)
    yu, _ = browser("yu", Role.LEAD, elsewhere)
    tao, _ = browser("tao", Role.OPERATOR, balcony)
    for address in ("", "begin/", "halt/"):
        assert yu.post(f"/wecom/{corp.pk}/sync/{address}").status_code == 404
        assert tao.post(f"/wecom/{corp.pk}/sync/{address}").status_code == 403
    assert not Job.objects.exists()


def test_the_page_asks_few_questions(
    corp: Corp, far: FarCompany, balcony: Community, django_assert_max_num_queries: object
) -> None:
    mo, _ = browser("mo", Role.ADMIN)
    syncing.ask(corp.account, by=None, now=NOW)
    work()
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        words(mo, corp)


def test_what_it_has_to_do_without_is_said(corp: Corp, far: FarCompany, balcony: Community) -> None:
    mo, _ = browser("mo", Role.LEAD, balcony)
    far.refusals = {("user/simplelist", ""): 60011}
    syncing.ask(corp.account, by=None, now=NOW)
    assert work().state == State.DONE
    assert "Read without the names and departments of colleagues. The app may not do this" in words(mo, corp)
