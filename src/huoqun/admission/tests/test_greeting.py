"""Somebody new: what is asked for, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from huoqun.admission import handlers, operations, queries
from huoqun.admission.errors import SourceTaken
from huoqun.admission.models import Greeting, Welcome
from huoqun.community.models import Community, Identity, Person
from huoqun.community.operations import people
from huoqun.console.models import Staff
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.vocabulary import events as ev
from huoqun.vocabulary.actions import Link, WelcomeMember
from huoqun.vocabulary.facts import Fact, PersonErased, RequestSettled
from huoqun.vocabulary.ids import Account, person_key
from huoqun.vocabulary.log import Batch, Stored

pytestmark = pytest.mark.django_db

LIVE = Account("garden", "wecom", "ww1")


def added(now: datetime, who: str = "wm_tao", **more: Any) -> ev.ContactAdded:
    facts: dict[str, Any] = {
        "account": LIVE, "source_id": f"cb:{who}", "at": now, "person": ev.Person(id=who, name="小陶"), "staff_id": "mo",
        "code": f"code-{who}", "code_expires_at": now + timedelta(seconds=20),
    }  # fmt: skip
    return ev.ContactAdded(**facts | more)


def hear(*happened: ev.Event | Fact, now: datetime) -> None:
    handlers.hear(Batch(tuple(Stored(n, now, one) for n, one in enumerate(happened, 1)), writer="admission/-1"), now=now)


def settled(now: datetime, outcome: str, who: str = "wm_tao", reason: str = "", room: str = "admission") -> RequestSettled:
    return RequestSettled(
        community="garden", at=now, request=f"welcome/code-{who}", action="WelcomeMember", target=f"person/{who}",
        outcome=outcome, reason=reason, room=room, about="person/1",
    )  # fmt: skip


def identity(community: Community, native_id: str, name: str) -> Identity:
    person = Person.objects.create(community=community, name=name)
    return Identity.objects.create(
        person=person, community=community, key=person_key(LIVE, native_id), carrier="wecom", native_id=native_id, name=name
    )


def test_a_newcomer_is_welcomed_with_the_words_for_how_they_came(
    garden: Community, texts: list[Welcome], now: datetime
) -> None:
    identity(garden, "mo", "莫老师")
    hear(added(now), added(now, "wm_ren", source="poster-3"), now=now + timedelta(seconds=1))
    asked = {row.key: row for row in Request.objects.all()}
    plain = codec.action("WelcomeMember", asked["welcome/code-wm_tao"].payload)
    assert isinstance(plain, WelcomeMember)
    assert (plain.code, plain.body.text, plain.body.link) == ("code-wm_tao", "小陶，欢迎来到栀野读书会，我是莫老师", None)
    poster = codec.action("WelcomeMember", asked["welcome/code-wm_ren"].payload)
    assert isinstance(poster, WelcomeMember)
    assert poster.body.link == Link(url="https://example.org/list", title="书单")
    assert {(row.priority, row.expires_at, row.room) for row in asked.values()} == {
        (1, now + timedelta(seconds=20), "admission")
    }


def test_heard_twice_it_is_asked_once(texts: list[Welcome], now: datetime) -> None:
    hear(added(now), now=now)
    hear(settled(now + timedelta(seconds=2), "sent"), now=now)
    hear(added(now), added(now), now=now + timedelta(seconds=3))
    assert Request.objects.count() == 1
    assert Greeting.objects.get().outcome == "sent"


def test_a_name_that_is_not_told_is_looked_up_or_done_without(garden: Community, texts: list[Welcome], now: datetime) -> None:
    identity(garden, "wm_known", "老陶")
    nameless = [added(now, who, person=ev.Person(id=who)) for who in ("wm_known", "wm_unknown")]
    hear(*nameless, now=now)
    said = [row.text.partition("，")[0] for row in Greeting.objects.order_by("id")]
    assert said == ["老陶", "朋友"]


@pytest.mark.parametrize(
    ("change", "late", "outcome"),
    [({"code": "", "code_expires_at": None}, 0, "no_code"), ({}, 19.5, "late"), ({}, 60, "late")],
)
def test_who_cannot_be_welcomed_is_written_down_with_the_reason(
    texts: list[Welcome], now: datetime, change: dict[str, Any], late: float, outcome: str
) -> None:
    hear(added(now, **change), now=now + timedelta(seconds=late))
    assert Greeting.objects.get().outcome == outcome
    assert not Request.objects.exists()


def test_the_colleagues_later_yes_is_no_second_coming(texts: list[Welcome], now: datetime) -> None:
    hear(added(now, mutual=False), now=now)
    hear(added(now, code="", code_expires_at=None, source_id="cb:yes"), now=now + timedelta(hours=1))
    assert Greeting.objects.get().outcome == "asked"
    hear(added(now, code="", code_expires_at=None, source_id="cb:yes", staff_id="lin"), now=now + timedelta(hours=1))
    assert Greeting.objects.count() == 2


def test_without_a_text_nobody_is_welcomed(garden: Community, texts: list[Welcome], now: datetime) -> None:
    Welcome.objects.update(is_on=False)
    hear(added(now), now=now)
    assert Greeting.objects.get().outcome == "no_text"


def test_how_it_ended_is_told_with_seconds_and_reasons(garden: Community, texts: list[Welcome], now: datetime) -> None:
    for who in ("a", "b", "c", "d"):
        hear(added(now, who), now=now)
    hear(
        settled(now + timedelta(seconds=2), "sent", "a"),
        settled(now + timedelta(seconds=3), "refused", "b", reason="They are talking already."),
        settled(now + timedelta(seconds=25), "expired", "c"),
        settled(now, "sent", "d", room="content"),
        now=now,
    )
    ended = {row.key[-1]: (row.outcome, row.reason, row.seconds) for row in Greeting.objects.all()}
    assert ended == {
        "a": ("sent", "", 2), "b": ("refused", "They are talking already.", None), "c": ("late", "", None),
        "d": ("asked", "", None),
    }  # fmt: skip
    seen = queries.lately(Greeting.objects.all(), since=now - timedelta(days=7))
    assert (seen.came, dict(seen.outcomes), seen.half_within) == (4, {"sent": 1, "refused": 1, "late": 1, "asked": 1}, 2)


def test_nothing_is_kept_of_the_erased(garden: Community, texts: list[Welcome], now: datetime) -> None:
    tao = identity(garden, "wm_tao", "小陶")
    hear(added(now), now=now)
    fact = PersonErased(community="garden", at=now, people=(person_key(LIVE, "wm_tao"),))
    handlers.forget_people(Batch((Stored(1, now, fact),), writer="admission-erasure/-1"), now=now)
    assert not Greeting.objects.exists()
    people.erase(tao.person, now=now)
    hear(added(now + timedelta(days=1), code="again", source_id="cb:2"), now=now)
    assert not Greeting.objects.exists()


def test_one_text_a_source(garden: Community, mo: Staff, texts: list[Welcome], now: datetime) -> None:
    said: dict[str, Any] = {"link_url": "", "link_title": "", "is_on": True, "by": mo, "now": now}
    with pytest.raises(SourceTaken):
        operations.write(garden, "poster-3", "又一个", **said)
    with pytest.raises(SourceTaken):
        operations.rewrite(texts[0], "poster-3", "又一个", **said)
    operations.rewrite(texts[0], "", "改过的", **said)
    assert Welcome.objects.get(source="").text == "改过的"


def test_a_hundred_newcomers_cost_few_queries(texts: list[Welcome], now: datetime, django_assert_max_num_queries: Any) -> None:
    many = [added(now, f"wm{n}") for n in range(100)]
    with django_assert_max_num_queries(20):
        hear(*many, now=now)
    assert Request.objects.count() == 100
