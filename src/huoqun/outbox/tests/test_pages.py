from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path, reverse
from django.utils import timezone, translation

from huoqun.config.urls import urlpatterns as house
from huoqun.console.models import Role, Staff
from huoqun.outbox import operations, queries
from huoqun.outbox.models import Pause, Request
from huoqun.outbox.operations import ask
from huoqun.outbox.rules.states import State, Why
from huoqun.outbox.tests import cast
from huoqun.outbox.tests.cast import call, note, post, state
from huoqun.outbox.words import ACTIONS, NEXT, STATES, WAITS_FOR
from huoqun.vocabulary import actions


def balcony_only(request: HttpRequest) -> list[str]:
    return ["balcony"] if request.user.is_authenticated and request.user.username != "yu" else []


wired = {"communities_of": balcony_only, "names_of": lambda request, rows: {row.pk: "阳台早读" for row in rows}}
handler403 = "huoqun.console.pages.front.refused"
handler404 = "huoqun.console.pages.front.not_found"
urlpatterns = [path("outbox/", include("huoqun.outbox.pages.urls"), wired), *house]

pytestmark = [pytest.mark.django_db]
NOW = timezone.now()


@pytest.fixture(autouse=True)
def addresses() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    def enter(role: str = Role.LEAD, name: str = "") -> Client:
        client.force_login(Staff.objects.create(username=name or role, role=role, language="en"))
        return client

    return enter


def asked(key: str, action: actions.Action | None = None, **changes: object) -> Request:
    row = ask(action or post(), key=key, room="sop", about="run/1", now=NOW, priority=5)
    Request.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    return row


def test_the_board_says_how_far_the_day_is_and_puts_first_what_somebody_must_look_at(signed_in: Callable[..., Client]) -> None:
    for key, changes in {
        "sent": {"state": State.SENT},
        "waits": {"not_before": NOW + timedelta(seconds=5)},
        "refused": {"state": State.REFUSED, "reason": "the bot is gone"},
        "late": {"not_before": NOW - timedelta(hours=1), "waits_for": Why.UNREACHABLE},
        "unknown": {"state": State.UNKNOWN},
    }.items():
        asked(key, **changes)
    asked("elsewhere", post(account=cast.ELSEWHERE))
    page = signed_in().get(reverse("outbox:board"))
    assert [row.key for row in page.context["list"].ordered] == ["unknown", "late", "refused", "waits", "sent"]
    words = page.content.decode()
    assert "1 of 5 have gone out. To be looked at: 1 unknown, 1 late, 1 refused." in words
    for said in ("the bot is gone", "The carrier cannot be reached.", "Look in the group or chat", "早上好", "阳台早读"):
        assert said in words


def test_yesterdays_leftovers_stay_on_the_board_and_what_is_done_goes(signed_in: Callable[..., Client]) -> None:
    long_ago = NOW - timedelta(days=3)
    asked("unknown", state=State.UNKNOWN, not_before=long_ago)
    asked("sent", state=State.SENT, not_before=long_ago)
    client = signed_in()
    seen = {
        span: {row.key for row in client.get(reverse("outbox:board"), {"span": span}).context["list"].narrowed}
        for span in ("", "week", "all", "tomorrow")
    }
    assert seen == {"": {"unknown"}, "week": {"unknown", "sent"}, "all": {"unknown", "sent"}, "tomorrow": {"unknown"}}


@pytest.mark.parametrize("name", ["yu"])
def test_somebody_from_elsewhere_sees_nothing_and_can_do_nothing(name: str, signed_in: Callable[..., Client]) -> None:
    row = asked("k")
    client = signed_in(Role.LEAD, name)
    assert client.get(reverse("outbox:board")).context["list"].total == 0
    assert client.get(reverse("outbox:request", args=[row.pk])).status_code == 404
    assert client.post(reverse("outbox:turn", args=[row.pk]), {"turn": "cancel"}).status_code == 404
    client.post(reverse("outbox:board"), {"action": "cancel", "rows": [row.pk]})
    assert client.post(reverse("outbox:pause"), {"scope": "community", "value": "balcony"}).status_code == 403
    client.post(reverse("outbox:pause"), {"scope": "everything"})
    assert (state("k"), Pause.objects.count()) == (State.WAITING, 0)


def test_observers_look_and_change_nothing(signed_in: Callable[..., Client]) -> None:
    row = asked("k")
    client = signed_in(Role.OBSERVER)
    page = client.get(reverse("outbox:request", args=[row.pk]))
    assert page.status_code == 200
    assert 'name="turn"' not in page.content.decode()
    assert client.post(reverse("outbox:turn", args=[row.pk]), {"turn": "cancel"}).status_code == 403
    for address in ("outbox:pause", "outbox:lift"):
        assert client.post(reverse(address), {"scope": "everything"}).status_code == 403
    assert Client().get(reverse("outbox:board")).status_code == 302


def test_one_request_shows_what_is_sent_to_whom_and_every_stage(signed_in: Callable[..., Client]) -> None:
    body = actions.Body(
        text="今晚八点读第三章", pictures=("p1",), link=actions.Link(url="https://example.org/3", title="第三章")
    )
    row = asked("k", actions.PostToGroup(account=cast.BALCONY, group_id="g1", body=body, mentions=("tao",)))
    operations.hold([row], by=Staff.objects.create(username="mo", name="小莫"), now=NOW)
    words = signed_in().get(reverse("outbox:request", args=[row.pk])).content.decode()
    for said in (
        "今晚八点读第三章",
        "第三章",
        "https://example.org/3",
        "tao",
        "阳台早读",
        "planned",
        "held",
        "小莫",
        "Let go on",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("turn", "before", "after"),
    [
        ("cancel", State.WAITING, State.CANCELLED),
        ("hold", State.WAITING, State.HELD),
        ("release", State.HELD, State.WAITING),
        ("again", State.REFUSED, State.WAITING),
        ("confirm", State.HANDED, State.SENT),
        ("there", State.UNKNOWN, State.SENT),
        ("resend", State.UNKNOWN, State.WAITING),
        ("leave", State.UNKNOWN, State.CANCELLED),
        ("cancel", State.SENT, State.SENT),
        ("cancel", State.LEASED, State.LEASED),
    ],
)
def test_what_can_be_done_with_one(turn: str, before: State, after: State, signed_in: Callable[..., Client]) -> None:
    row = asked("k", call(), state=before)
    client = signed_in(Role.OPERATOR)
    page = client.post(reverse("outbox:turn", args=[row.pk]), {"turn": turn}, follow=True)
    assert page.status_code == 200
    assert state("k") == after
    assert ("Meanwhile it has gone on" in page.content.decode()) is (before == after)
    assert client.post(reverse("outbox:turn", args=[row.pk]), {"turn": "dance"}).status_code == 404


def test_many_are_cancelled_at_once(signed_in: Callable[..., Client]) -> None:
    rows = [asked(f"k{number}") for number in range(3)]
    client = signed_in(Role.OPERATOR)
    client.post(reverse("outbox:board"), {"action": "cancel", "rows": [row.pk for row in rows[:2]]})
    assert [state(row.key) for row in rows] == [State.CANCELLED, State.CANCELLED, State.WAITING]
    client.post(reverse("outbox:board"), {"action": "hold", "whole": "1"})
    assert state("k2") == State.HELD


@pytest.mark.parametrize("address", ["console:own", "outbox:board"])
def test_the_red_pause_is_on_every_page_for_those_who_may(address: str, signed_in: Callable[..., Client]) -> None:
    pressed = f'action="{reverse("outbox:pause")}"'
    assert pressed in signed_in(Role.ADMIN).get(reverse(address)).content.decode()
    assert pressed in signed_in(Role.LEAD).get(reverse(address)).content.decode()
    assert pressed not in signed_in(Role.OPERATOR).get(reverse(address)).content.decode()


def test_an_administrator_stops_everything_and_everybody_sees_it(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMIN, "lin")
    back = client.post(reverse("outbox:pause"), {"scope": "everything", "next": reverse("console:own")})
    assert back.headers["Location"] == reverse("console:own")
    pause = Pause.objects.get()
    assert (pause.scope, pause.by, pause.lifted_at) == (Pause.Scope.EVERYTHING, Staff.objects.get(username="lin"), None)
    page = signed_in(Role.OPERATOR, "tao").get(reverse("console:own")).content.decode()
    assert "lin has paused everything" in page
    lead = signed_in(Role.LEAD, "mo")
    assert lead.post(reverse("outbox:lift"), {"scope": "everything"}).status_code == 403
    assert "An administrator lets it go on" not in lead.get(reverse("outbox:pauses")).content.decode()
    signed_in(Role.ADMIN, "lin2").post(reverse("outbox:lift"), {"scope": "everything"})
    assert Pause.objects.get().lifted_at is not None


def test_a_lead_stops_the_communities_they_see(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.LEAD)
    client.post(reverse("outbox:pause"), {"scope": "everything", "next": "https://elsewhere.example/"})
    assert [(each.scope, each.value) for each in Pause.objects.all()] == [("community", "balcony")]
    page = client.get(reverse("outbox:pauses")).content.decode()
    assert "has paused it" in page
    assert "Paused: nothing goes out" in page
    client.post(reverse("outbox:lift"), {"scope": "community", "value": "balcony"})
    assert not Pause.objects.filter(lifted_at=None).exists()


def test_one_run_or_one_account_is_paused_and_goes_on(signed_in: Callable[..., Client]) -> None:
    row = asked("k", run="morning/1")
    asked("done", run="long ago", state=State.SENT, not_before=NOW - timedelta(days=30))
    asked("elsewhere", post(account=cast.ELSEWHERE), run="theirs")
    client = signed_in()
    page = client.get(reverse("outbox:pauses")).content.decode()
    for said in ('value="balcony/fake/bot-1"', 'value="balcony/morning/1"', "Pause one account", "Pause one run"):
        assert said in page
    assert "bot-9" not in page
    assert "theirs" not in page
    assert "long ago" not in page
    for scope, value in (("run", "balcony/morning/1"), ("account", "balcony/fake/bot-1")):
        client.post(reverse("outbox:pause"), {"scope": scope, "value": value})
        stopped = queries.paused(queries.open_pauses(["balcony"]))
        assert list(Request.objects.filter(stopped, state=State.WAITING)) == [row]
        client.post(reverse("outbox:lift"), {"scope": scope, "value": value})
        assert not Pause.objects.filter(lifted_at=None).exists()
    request_page = client.get(reverse("outbox:request", args=[row.pk])).content.decode()
    assert 'name="value" value="balcony/morning/1"' in request_page


def test_others_runs_and_accounts_cannot_be_paused_from_elsewhere(signed_in: Callable[..., Client]) -> None:
    asked("k", run="morning/1")
    client = signed_in(Role.LEAD, "yu")
    for scope, value in (("run", "balcony/morning/1"), ("account", "balcony/fake/bot-1")):
        assert client.post(reverse("outbox:pause"), {"scope": scope, "value": value}).status_code == 403
    page = client.get(reverse("outbox:pauses")).content.decode()
    assert "morning/1" not in page
    assert "bot-1" not in page
    assert not Pause.objects.exists()


def test_the_board_shows_exactly_one_run(signed_in: Callable[..., Client]) -> None:
    for key, run in (("one", "run 7"), ("more", "run 77"), ("none", "")):
        asked(key, run=run)
    page = signed_in().get(reverse("outbox:board"), {"run": "run 7"})
    assert [row.key for row in page.context["list"].ordered] == ["one"]
    assert f"{reverse('outbox:board')}?run=run+7&amp;span=all" in page.content.decode()


def test_another_communitys_pause_is_not_told(signed_in: Callable[..., Client]) -> None:
    operations.pause(Pause.Scope.COMMUNITY, "elsewhere", by=None, now=NOW)
    assert "elsewhere" not in signed_in().get(reverse("outbox:pauses")).content.decode()


def test_the_number_of_queries_does_not_grow(
    signed_in: Callable[..., Client], django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(60):
        asked(f"k{number}", note(f"m{number}"))
    client = signed_in()
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        assert client.get(reverse("outbox:board")).context["list"].total == 60


def test_every_state_action_and_reason_has_words_in_both_languages() -> None:
    assert set(STATES) == set(State)
    assert set(WAITS_FOR) == set(Why) - {Why.NOT}
    assert set(ACTIONS) == set(actions.ACTIONS)
    assert set(NEXT) >= set(WAITS_FOR)
    for words in (*STATES.values(), *WAITS_FOR.values(), *ACTIONS.values(), *NEXT.values()):
        with translation.override("en"):
            english = str(words)
        with translation.override("zh-hans"):
            assert str(words) != english, english
