"""The texts, written and looked at; everybody who came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huoqun.admission.models import Greeting, Welcome
from huoqun.carriers.operations import connect
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.outbox.models import Request
from huoqun.vocabulary.ids import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, mo: Staff) -> Client:
    client.force_login(mo)
    return client


def greeting(home: Community, number: int, outcome: str, came: datetime, **more: Any) -> Greeting:
    return Greeting(
        community=home, key=f"welcome/{number}", person_key=number, staff_key=1, came_at=came, outcome=outcome, **more
    )


def test_before_the_first_text_the_page_says_what_to_do(signed_in: Client) -> None:
    page = signed_in.get(reverse("admission:welcomes")).content.decode()
    assert reverse("admission:write") in page
    assert "最近 7 天没有新客户" in page


def test_the_texts_are_shown_as_a_newcomer_reads_them(signed_in: Client, garden: Community, texts: list[Welcome]) -> None:
    now = timezone.now()
    Greeting.objects.bulk_create(
        [
            greeting(garden, 1, "sent", now, settled_at=now + timedelta(seconds=2)),
            greeting(garden, 2, "sent", now, settled_at=now + timedelta(seconds=3)),
            greeting(garden, 3, "late", now),
        ]
    )
    page = signed_in.get(reverse("admission:welcomes")).content.decode()
    assert "欢迎来到栀野读书会" in page
    assert "{{" not in page
    assert "最近 7 天来了 3 位：欢迎了 2 位，一半在 2 秒内；1 位太晚" in page


WRITTEN = {"source": "spring", "text": "{{称呼}}好", "link_url": "", "link_title": "", "is_on": "on"}


def test_a_text_is_written_and_changed(signed_in: Client, garden: Community, mo: Staff) -> None:
    answer = signed_in.post(reverse("admission:write"), WRITTEN | {"home": garden.slug})
    assert answer.status_code == 302
    welcome = Welcome.objects.get()
    assert (welcome.community, welcome.source, welcome.text, welcome.is_on, welcome.changed_by) == (
        garden, "spring", "{{称呼}}好", True, mo,
    )  # fmt: skip
    edit = reverse("admission:edit", args=[welcome.pk])
    assert "{{称呼}}好" in signed_in.get(edit).content.decode()
    signed_in.post(edit, WRITTEN | {"text": "好", "is_on": ""})
    welcome.refresh_from_db()
    assert (welcome.text, welcome.is_on) == ("好", False)
    signed_in.post(reverse("admission:remove", args=[welcome.pk]))
    assert not Welcome.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": "{{群名}}好"}, "群名"),
        ({"text": "好" * 2000}, "4000"),
        ({"text": ""}, ""),
        ({"link_url": "javascript:alert(1)", "link_title": "a"}, "https://"),
        ({"link_url": "https://example.org"}, "标题"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(
    signed_in: Client, garden: Community, change: dict[str, str], words: str
) -> None:
    answer = signed_in.post(reverse("admission:write"), WRITTEN | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Welcome.objects.exists()


def test_a_second_text_for_one_source_is_refused(signed_in: Client, texts: list[Welcome]) -> None:
    answer = signed_in.post(reverse("admission:write"), WRITTEN | {"source": "poster-3"})
    assert answer.status_code == 422
    assert "poster-3" in answer.content.decode()
    assert signed_in.post(reverse("admission:edit", args=[texts[1].pk]), WRITTEN | {"source": ""}).status_code == 422


def test_the_preview_shows_it_or_what_is_wrong(signed_in: Client, garden: Community) -> None:
    preview = reverse("admission:preview")
    assert "栀野读书会欢迎" in signed_in.post(preview, WRITTEN | {"text": "{{社群}}欢迎"}).content.decode()
    assert "群名" in signed_in.post(preview, WRITTEN | {"text": "{{群名}}"}).content.decode()
    page = signed_in.post(preview, WRITTEN | {"text": "<b>{{社群}}</b>"}).content.decode()
    assert "<b>" not in page


def test_everybody_who_came_one_by_one(
    signed_in: Client, garden: Community, now: datetime, django_assert_max_num_queries: Any
) -> None:
    Greeting.objects.bulk_create(
        [greeting(garden, n, "sent", now, settled_at=now + timedelta(seconds=2), source="poster-3") for n in range(60)]
        + [greeting(garden, 99, "refused", now, reason="They are talking already.")]
    )
    with django_assert_max_num_queries(15):
        page = signed_in.get(reverse("admission:greeted"), {"sort": "outcome"}).content.decode()
    assert "2 秒" in page
    assert "poster-3" in page
    refused = signed_in.get(reverse("admission:greeted"), {"outcome": "refused"}).content.decode()
    assert "They are talking already." in refused
    assert "2 秒" not in refused


def test_yu_sees_nothing_of_it(client: Client, yu: Staff, garden: Community, texts: list[Welcome], now: datetime) -> None:
    greeting(garden, 1, "sent", now, source="poster-3").save()
    client.force_login(yu)
    assert "栀野" not in client.get(reverse("admission:welcomes")).content.decode()
    assert "poster-3" not in client.get(reverse("admission:greeted")).content.decode()
    for name in ("edit", "remove"):
        assert client.post(reverse(f"admission:{name}", args=[texts[0].pk]), WRITTEN).status_code == 404
    client.post(reverse("admission:write"), WRITTEN | {"home": garden.slug})
    assert not Welcome.objects.filter(community=garden, source="spring").exists()


def test_an_observer_reads_and_changes_nothing(client: Client, garden: Community, texts: list[Welcome]) -> None:
    observer = Staff.objects.create(username="wei", role=Role.OBSERVER)
    communities.seat(observer, garden)
    client.force_login(observer)
    page = client.get(reverse("admission:welcomes")).content.decode()
    assert "栀野读书会" in page
    assert reverse("admission:write") not in page
    assert client.post(reverse("admission:write"), WRITTEN).status_code == 403
    assert client.post(reverse("admission:remove", args=[texts[0].pk])).status_code == 403


def test_nobody_signed_out_sees_it(client: Client) -> None:
    for name in ("welcomes", "write", "greeted"):
        assert client.get(reverse(f"admission:{name}")).status_code == 302


def test_words_for_groups_are_asked_for_once_and_their_state_is_shown(signed_in: Client, garden: Community, yu: Staff) -> None:
    address = reverse("admission:group_welcome")
    said = {"text": "{name}，欢迎！先看群公告。", "link_url": "", "link_title": "", "tells_owners": "on"}
    refused = signed_in.post(address, said)
    assert (refused.status_code, "请先接入企业微信" in refused.content.decode()) == (422, True)
    connect(Account("garden", "wecom", "wwcorp"), now=timezone.now())
    assert signed_in.post(address, said).status_code == 302
    signed_in.post(address, said)
    (request,) = Request.objects.all()
    assert (request.action, request.account) == ("MakeGroupWelcome", "wwcorp")
    page = signed_in.get(address).content.decode()
    assert "先看群公告。" in page
    assert str(request.get_state_display()) in page
    assert address in signed_in.get(reverse("admission:welcomes")).content.decode()
    signed_in.force_login(yu)
    assert "先看群公告。" not in signed_in.get(address).content.decode()
