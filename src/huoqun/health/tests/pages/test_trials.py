"""A fair test is offered before the start, drawn by a lead, and read by whoever belongs to the community."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.health import trial_work
from huoqun.health.models import TrialReading
from huoqun.health.pages import trial_words as words
from huoqun.health.tests.planted import NOW, PLAN, audited, company, drawn, launched, lived
from huoqun.health.trial_work import run_draw, run_outlook, run_reading
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job, State
from huoqun.jobs.run import work_on
from huoqun.sop.models import Launch, Trial, _book
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.launching import resume
from huoqun.sop.rules.testing import day_of

pytestmark = pytest.mark.django_db

SINCE = date(2026, 3, 2)
PLANNED = {"first_day": "2026-08-03", "waves": "4", "every": "2", "held_back": "0", "after": "4"}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    _book.cache_clear()
    with mock.patch("django.utils.timezone.now", return_value=NOW):
        yield


@pytest.fixture
def home(db: None) -> Community:
    made = company()
    lived(made, SINCE, date(2026, 7, 28), lambda group, started: 0.4)
    audited(made, date(2026, 7, 27))
    return made


def seated(home: Community, name: str, role: Role, language: str = "en") -> Staff:
    staff = Staff.objects.create(username=name, role=role, language=language)
    communities.seat(staff, home)
    return staff


@pytest.fixture
def lin(home: Community) -> Staff:
    return seated(home, "lin", Role.LEAD)


@pytest.fixture
def mo(home: Community) -> Staff:
    return seated(home, "mo", Role.OPERATOR, "zh-hans")


@pytest.fixture
def yu(db: None) -> Staff:
    return seated(communities.found("别处", slug="elsewhere", zone="Asia/Shanghai", now=NOW), "yu", Role.LEAD)


@pytest.fixture
def launch(home: Community, lin: Staff) -> Launch:
    return launched(home, lin)


def offer(launch: Launch) -> str:
    return reverse("health:trial_offer", args=[launch.pk])


def result(launch: Launch) -> str:
    return reverse("health:trial", args=[launch.pk])


def page(client: Client, staff: Staff, address: str, query: dict[str, str] | None = None, *, status: int = 200) -> str:
    client.force_login(staff)
    answer = client.get(address, query)
    assert answer.status_code == status
    return answer.content.decode()


def finding(text: str) -> str:
    return text.split('id="result"')[1].split("</section>", maxsplit=1)[0]


@pytest.mark.method("A12")
def test_the_offer_says_who_when_how_long_and_what_could_be_seen(client: Client, lin: Staff, launch: Launch) -> None:
    text = page(client, lin, offer(launch), PLANNED)
    assert "48 groups are dealt by lot over 4 waves; what it shows is read after 2026-09-13." in text
    size = re.search(r"The smallest effect this test would see is about (0\.\d+) days a week, in four tests of five", text)
    assert size is not None
    assert 0.2 < float(size[1]) < 1
    assert "of 7 days in a group" in text
    assert text.count("2026-08-03") >= 1
    assert "2026-09-14" in text, "the last wave"
    assert "What connects the group" in text, "asked for beforehand"
    assert not Trial.objects.exists(), "looking draws nothing"


def test_by_itself_it_offers_the_next_monday(client: Client, lin: Staff, launch: Launch) -> None:
    text = page(client, lin, offer(launch))
    assert "over 4 waves" in text
    boss = seated(launch.community, "min", Role.LEAD, "zh-hans")
    for staff in (lin, boss):
        shown = re.findall(r'<input type="(\w+)" name="first_day" value="([^"]*)"', page(client, staff, offer(launch)))
        assert shown == [("date", "2026-08-03"), ("hidden", "2026-08-03")], "as the browser wants it, whatever the language"


def test_groups_that_share_members_are_said_to_be_drawn_together(client: Client, lin: Staff, launch: Launch) -> None:
    twins = Group.objects.order_by("pk")[:2]
    for number in range(3):
        person = Person.objects.create(community=launch.community, name=f"群友{number}")
        identity = Identity.objects.create(
            person=person, community=launch.community, key=number, carrier="qq", native_id=str(number), name="x"
        )
        Membership.objects.bulk_create(Membership(group=group, identity=identity) for group in twins)
    text = page(client, lin, offer(launch), PLANNED)
    assert "48 groups, drawn as 47 units, are dealt by lot" in text
    assert "豆苗0群 · 豆苗1群" in text


def test_a_lead_draws_and_the_launch_goes_to_work(client: Client, lin: Staff, launch: Launch) -> None:
    client.force_login(lin)
    answer = client.post(offer(launch), PLANNED)
    assert answer.headers["Location"] == result(launch)
    trial = Trial.objects.get()
    assert (trial.drawn_by, trial.before, trial.waves) == (lin, 8, [8, 10, 12, 14])
    assert trial.smallest is not None
    launch.refresh_from_db()
    assert launch.state == Launch.State.GOING
    text = page(client, lin, result(launch))
    assert "The test is running. What it shows is read when 2026-09-13 is over and audited." in text
    assert "<canvas" not in text
    assert "trial-chart" not in text
    assert "Said before the draw" in text
    again = client.post(offer(launch), PLANNED)
    assert again.headers["Location"] == result(launch)
    assert Trial.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"waves": "1"}, "One wave for all leaves nobody to compare with"),
        ({"first_day": "2026-07-28"}, "The first wave has to start tomorrow or later"),
        ({"first_day": "soon"}, "Something is missing in the plan."),
        ({"first_day": "9999-12-31"}, "That is more than a year away."),
        ({"waves": "999"}, "Something is missing in the plan."),
    ],
)
def test_a_plan_that_does_not_work_is_refused_with_why(
    client: Client, lin: Staff, launch: Launch, change: dict[str, str], said: str
) -> None:
    client.force_login(lin)
    answer = client.post(offer(launch), PLANNED | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Trial.objects.exists()


def test_without_a_test_it_goes_to_work_and_no_effect_is_claimed(client: Client, lin: Staff, mo: Staff, launch: Launch) -> None:
    client.force_login(lin)
    client.post(reverse("health:trial_without", args=[launch.pk]))
    launch.refresh_from_db()
    assert launch.state == Launch.State.GOING
    assert "it can still be tested" in page(client, lin, result(launch))
    begin(launch, [Begin(Group.objects.all()[0], NOW, "hand/1")], now=NOW)
    text = page(client, lin, result(launch))
    assert "those that are worst get better by themselves on average" in text
    assert "it can still be tested" not in text
    assert "Runs have begun already." in page(client, lin, offer(launch))
    assert "平均来说自己也会回升" in page(client, mo, result(launch))


@pytest.fixture
def over(home: Community, lin: Staff) -> Launch:
    launch = launched(home, lin)
    trial = drawn(launch, lin)
    lived(home, date(2026, 7, 28), PLAN.over_on, lambda group, started: 0.4 + 0.2 * started, trial=trial, seed=3)
    audited(home, PLAN.over_on - timedelta(days=1))
    return launch


@pytest.mark.method("A12")
def test_the_result_is_a_sentence_an_interval_a_picture_and_its_table(client: Client, lin: Staff, over: Launch) -> None:
    text = page(client, lin, result(over))
    found = re.search(
        r"It helps: \+(\d+\.\d+) days a week on average; with what chance does, it is \+(\d+\.\d+) to \+(\d+\.\d+)", text
    )
    assert found is not None
    middle, low, high = (float(number) for number in found.groups())
    assert low < 1.4 < high
    assert low < middle < high
    assert "Checked on the weeks before anybody had started" in text
    assert 'id="trial-chart' in text
    assert "Have not started yet" in text
    assert "asked for before the draw" in text
    assert "goods with people" in text, "kinds by their names"
    assert TrialReading.objects.count() == 1
    assert finding(page(client, lin, result(over))) == finding(text)


def test_it_is_said_in_chinese(client: Client, mo: Staff, over: Launch) -> None:
    text = page(client, mo, result(over))
    assert "有用：平均" in text
    assert "随机" in text or "抽签" in text
    assert "It helps" not in text


def test_who_belongs_elsewhere_finds_nothing_and_an_operator_draws_nothing(
    client: Client, mo: Staff, yu: Staff, launch: Launch
) -> None:
    assert client.get(offer(launch)).status_code == client.get(result(launch)).status_code == 302
    for address in (offer(launch), result(launch)):
        page(client, yu, address, status=404)
    client.force_login(yu)
    assert client.post(offer(launch), PLANNED).status_code == 404
    client.force_login(mo)
    assert client.get(offer(launch)).status_code == 403
    assert client.post(offer(launch), PLANNED).status_code == 403
    assert client.post(reverse("health:trial_without", args=[launch.pk])).status_code == 403
    assert client.get(result(launch)).status_code == 200
    assert not Trial.objects.exists()
    launch.refresh_from_db()
    assert launch.state == Launch.State.PAUSED


def test_effects_are_said_in_the_measures_own_unit() -> None:
    with translation.override("en"):
        assert words.difference("messages", 0.1133) == "+12%"
        assert words.difference("alive", -0.034) == "−3.4"
        assert words.difference("days", 0.004) == "0.00"
        assert words.difference("days", None) == "open"
        assert words.level_words("messages", 3.0) == "19.1 messages a week in a typical group"
        assert words.level_words("alive", 0.5) == "50% of the groups in a week"
        fewer = {"verdict": "harms", "estimate": -1.5, "low": -2.0, "high": -1.0, "p": 0.001}
        assert words.verdict("leaves", fewer).startswith("It helps: −1.5 people a week")
        assert words.short_verdict("leaves", fewer) == "helps"
        assert words.verdict("joins", fewer).startswith("It does harm")
        assert words.placebo(0.01).startswith("Careful")
        assert "fewer than eight units" in words.no_claim("too_few")


def test_a_launch_that_goes_on_can_be_drawn_while_nothing_has_begun(client: Client, lin: Staff, launch: Launch) -> None:
    resume(launch, by=lin, now=NOW)
    client.force_login(lin)
    assert client.post(offer(launch), PLANNED).status_code == 302
    assert Trial.objects.get().drawn_at == datetime(2026, 7, 28, 2, tzinfo=UTC)


def test_the_offer_asks_as_much_of_the_database_for_many_groups_as_for_few(
    client: Client, lin: Staff, launch: Launch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(client, lin, offer(launch), PLANNED)
    with django_assert_max_num_queries(25):
        client.get(offer(launch), PLANNED)
    client.post(offer(launch), PLANNED)
    with django_assert_max_num_queries(25):
        client.get(result(launch))


def work(job: Job) -> None:
    """As a worker does it."""
    claimed = jobs.claim([job.kind], now=NOW)
    assert claimed == job
    doing = {"trial_outlook": run_outlook, "trial_draw": run_draw, "trial_reading": run_reading}
    work_on(claimed, doing[job.kind], clock=lambda: NOW)
    job.refresh_from_db()


def test_over_thousands_of_groups_it_is_worked_out_behind_the_page(
    client: Client, lin: Staff, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = page(client, lin, offer(launch), PLANNED)
    monkeypatch.setattr(trial_work, "AT_ONCE", 10)
    text = page(client, lin, offer(launch), PLANNED)
    assert "What a test over 48 groups could show is being worked out." in text
    page(client, lin, offer(launch), PLANNED)
    assert client.post(offer(launch), PLANNED).status_code == 200
    assert not Trial.objects.exists(), "no lot is dealt before it is known what it could show"
    done(Job.objects.get(kind="trial_outlook"))
    text = page(client, lin, offer(launch), PLANNED)
    sizes = [re.search(r"about (0\.\d+) days a week", each) for each in (text, at_once)]
    assert all(sizes)
    assert len({each[1] for each in sizes if each}) == 1, "as it is worked out at once"


def done(job: Job) -> None:
    work(job)
    assert job.state == State.DONE, job.detail


@pytest.fixture
def large(client: Client, lin: Staff, launch: Launch, monkeypatch: pytest.MonkeyPatch) -> Launch:
    """As if it were over thousands of groups: what the test could show is known, and Lin looks at it."""
    monkeypatch.setattr(trial_work, "AT_ONCE", 10)
    page(client, lin, offer(launch), PLANNED)
    done(Job.objects.get(kind="trial_outlook"))
    return launch


def drawing() -> Job:
    return Job.objects.filter(kind="trial_draw").latest("pk")


@pytest.mark.method("A12")
def test_over_thousands_of_groups_the_lots_are_dealt_behind_the_page(
    client: Client, lin: Staff, mo: Staff, large: Launch
) -> None:
    assert client.post(offer(large), PLANNED).headers["Location"] == result(large)
    assert not Trial.objects.exists(), "not while somebody waits for the page"
    text = page(client, lin, result(large))
    assert "The lots are being dealt." in text
    assert "<progress" in text
    assert f'hx-get="{result(large)}"' in text, "it goes on by itself"
    assert "正在抽签" in page(client, mo, result(large))
    client.force_login(lin)
    first = drawing().arguments["seed"]
    client.post(offer(large), PLANNED | {"waves": "3"})
    assert client.get(offer(large), PLANNED).headers["Location"] == result(large), "there is nothing to plan any more"
    client.post(reverse("health:trial_without", args=[large.pk]))
    large.refresh_from_db()
    assert large.state == Launch.State.PAUSED, "dealt already, so it does not start without"
    assert Job.objects.filter(kind="trial_draw").count() == 1
    done(drawing())
    trial = Trial.objects.get()
    assert (trial.drawn_by, trial.seed, trial.waves) == (lin, first, [8, 10, 12, 14])
    assert trial.smallest is not None
    large.refresh_from_db()
    assert large.state == Launch.State.GOING
    assert "The test is running." in page(client, lin, result(large))


def test_lots_whose_worker_died_are_dealt_again_the_same_and_only_once(client: Client, lin: Staff, large: Launch) -> None:
    client.post(offer(large), PLANNED)
    told = drawing().arguments
    with mock.patch("huoqun.sop.operations.trials.resume", side_effect=SystemExit), pytest.raises(SystemExit):
        work(drawing())
    assert not Trial.objects.exists(), "all of it or nothing"
    large.refresh_from_db()
    assert large.state == Launch.State.PAUSED
    Job.objects.filter(pk=drawing().pk).update(heartbeat_at=NOW - timedelta(hours=1))
    done(drawing())
    weeks = list(Trial.objects.get().units.order_by("number").values_list("week", flat=True))
    jobs.ask("trial_draw", told, key=str(large.pk), by=lin, now=NOW)
    done(drawing())
    assert list(Trial.objects.get().units.order_by("number").values_list("week", flat=True)) == weeks
    Trial.objects.all().delete()
    jobs.ask("trial_draw", told, key=str(large.pk), by=lin, now=NOW)
    done(drawing())
    assert list(Trial.objects.get().units.order_by("number").values_list("week", flat=True)) == weeks, "by its seed"


def test_where_the_lots_cannot_be_dealt_behind_the_page_it_says_why(
    client: Client, lin: Staff, mo: Staff, large: Launch
) -> None:
    client.force_login(lin)
    answer = client.post(offer(large), PLANNED | {"first_day": "2026-07-28"})
    assert answer.status_code == 422, "what is known at once is said at once"
    assert not Job.objects.filter(kind="trial_draw").exists()
    client.post(offer(large), PLANNED)
    asked = drawing()
    asked.arguments["plan"]["first_day"] = "2026-07-28"
    asked.save()
    work(asked)
    assert asked.state == State.FAILED
    text = page(client, lin, result(large))
    assert "The lots were not dealt: nothing has begun." in text
    assert "The first wave has to start tomorrow or later" in text
    assert "did not come to an end" not in text, "said once, with its reason"
    again = re.search(r'href="([^"]*)">Back to the plan', text)
    assert again is not None
    plan = page(client, lin, again[1].replace("&amp;", "&"))
    assert 'name="waves" value="4"' in plan, "back to the plan it was"
    assert "回到安排" not in page(client, mo, result(large)), "an operator draws nothing"
    client.force_login(lin)
    client.post(offer(large), PLANNED)
    Job.objects.filter(pk=drawing().pk).update(state=State.FAILED, error="The disk is full.")
    assert "It did not come to an end. The disk is full." in page(client, lin, result(large))
    client.post(offer(large), PLANNED)
    done(drawing())
    assert "The test is running." in page(client, lin, result(large))


def test_what_fails_behind_the_page_is_said_and_can_be_tried_again(
    client: Client, lin: Staff, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_work, "AT_ONCE", 10)
    page(client, lin, offer(launch), PLANNED)
    Job.objects.update(state=State.FAILED, error="The disk is full.", finished_at=NOW)
    assert "The disk is full." in page(client, lin, offer(launch), PLANNED)
    assert Job.objects.count() == 1, "looking does not try again"
    page(client, lin, offer(launch), PLANNED | {"again": "1"})
    assert Job.objects.count() == 2


def test_a_large_test_is_read_behind_the_page_and_once(
    client: Client, lin: Staff, over: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_work, "AT_ONCE", 10)
    assert "What it showed is being read." in page(client, lin, result(over))
    assert not TrialReading.objects.exists()
    done(Job.objects.get(kind="trial_reading"))
    assert "It helps" in page(client, lin, result(over))
    assert Job.objects.count() == 1


def test_weeks_whose_last_day_was_not_audited_are_named_and_not_guessed(client: Client, lin: Staff, home: Community) -> None:
    launch = launched(home, lin, "speakers")
    trial = drawn(launch, lin)
    missing = day_of(5, trial.first_day, trial.before) + timedelta(days=6)
    for week in range(trial.weeks):
        end = day_of(week, trial.first_day, trial.before) + timedelta(days=6)
        if end not in (missing, date(2026, 7, 27)):
            audited(home, end, speakers=lambda group: group.pk % 7)
    text = finding(page(client, lin, result(launch)))
    assert f"1 week is not known and is not guessed: its last day was not audited ({missing})." in text
    assert "of most groups" not in text, "said once, with its reason"


def test_where_nobody_was_left_to_compare_with_no_effect_is_claimed(client: Client, lin: Staff, home: Community) -> None:
    """Of the weeks in which some had started and others not, none was audited."""
    launch = launched(home, lin, "speakers")
    trial = drawn(launch, lin)
    for week in (0, 1, 2, 3, trial.weeks - 1):
        end = day_of(week, trial.first_day, trial.before) + timedelta(days=6)
        if week < trial.before and end != date(2026, 7, 27):
            audited(home, end, speakers=lambda group: group.pk % 7)
    empty = audited(home, day_of(trial.weeks, trial.first_day, trial.before) - timedelta(days=1))
    empty.groups.all().delete()
    text = finding(page(client, lin, result(launch)))
    assert "Whether it helped cannot be said" in text
    assert "It helps" not in text
    assert "<canvas" not in text
