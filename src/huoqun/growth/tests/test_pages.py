"""The pages of live codes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group, Identity
from huoqun.console.models import Staff
from huoqun.growth import operations
from huoqun.growth.models import LiveCode
from huoqun.growth.operations import Leads
from huoqun.growth.rules import Kind, State
from huoqun.growth.tests.conftest import NOW
from huoqun.outbox.models import Request

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(balcony: Community, groups: list[Group], lin: Staff) -> LiveCode:
    return operations.make(balcony, Kind.JOIN, Leads(title="春季海报", groups=groups[:2]), by=lin, now=NOW)


def live(code: LiveCode, link_id: str, link: str) -> LiveCode:
    LiveCode.objects.filter(pk=code.pk).update(state=State.LIVE, link_id=link_id, link=link)
    code.refresh_from_db()
    return code


def page(client: Client, code: LiveCode) -> str:
    return client.get(reverse("growth:code", args=[code.pk])).content.decode()


def test_the_form_makes_a_code(client: Client, lin: Staff, groups: list[Group]) -> None:
    client.force_login(lin)
    assert "g0群" in client.get(reverse("growth:make", args=["join"])).content.decode()
    said = {"title": "春季海报", "groups": [groups[0].pk, groups[1].pk], "new_groups": ""}
    answer = client.post(reverse("growth:make", args=["join"]), said)
    made = LiveCode.objects.get()
    assert answer["Location"] == reverse("growth:code", args=[made.pk])
    assert (made.title, made.kind, made.made_by) == ("春季海报", "join", lin)


def test_of_many_groups_those_of_a_name_are_offered(client: Client, lin: Staff, groups: list[Group]) -> None:
    client.force_login(lin)
    words = client.get(reverse("growth:make", args=["join"]), {"q": "g1"}).content.decode()
    assert "g1群" in words
    assert "g0群" not in words


def test_the_form_makes_a_contact_code(client: Client, lin: Staff, mo: Identity) -> None:
    client.force_login(lin)
    client.post(reverse("growth:make", args=["contact"]), {"title": "名片", "colleagues": [mo.pk]})
    assert LiveCode.objects.get().kind == "contact"


def test_too_many_groups_are_refused_in_words(client: Client, lin: Staff, balcony: Community, groups: list[Group]) -> None:
    from huoqun.growth.tests.conftest import group

    client.force_login(lin)
    more = [group(balcony, f"m{number}").pk for number in range(3)]
    said = {"title": "海报", "groups": [each.pk for each in groups] + more}
    answer = client.post(reverse("growth:make", args=["join"]), said)
    assert answer.status_code == 422
    assert "最多指向 5 个群" in answer.content.decode()
    assert not Request.objects.exists()


def test_the_list_says_how_many_came_by_each(
    client: Client, lin: Staff, code: LiveCode, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    live(code, "cfg1", "https://qr.example.org/g/1")
    client.force_login(lin)
    with django_assert_max_num_queries(15):
        words = client.get(reverse("growth:codes")).content.decode()
    assert "春季海报" in words
    assert "1 个活码在用" in words


def test_the_carriers_picture_is_shown_and_nothing_else_from_outside(client: Client, lin: Staff, code: LiveCode) -> None:
    live(code, "cfg1", "https://qr.example.org/g/1?x=1")
    client.force_login(lin)
    answer = client.get(reverse("growth:code", args=[code.pk]))
    assert 'src="https://qr.example.org/g/1?x=1"' in answer.content.decode()
    assert "img-src 'self' data: https://qr.example.org;" in answer["Content-Security-Policy"]
    assert "script-src 'self';" in answer["Content-Security-Policy"]


def test_a_link_is_drawn_as_a_code(client: Client, lin: Staff, code: LiveCode) -> None:
    live(code, "https://pretend.invalid/door/1", "")
    client.force_login(lin)
    answer = client.get(reverse("growth:code", args=[code.pk]))
    assert 'src="data:image/svg+xml;base64,' in answer.content.decode()
    assert "qr.example" not in answer["Content-Security-Policy"]


def test_a_link_is_entered_by_hand(client: Client, lin: Staff, code: LiveCode) -> None:
    LiveCode.objects.update(state=State.BY_HAND)
    client.force_login(lin)
    assert "保存链接" in page(client, code)
    wrong = client.post(reverse("growth:enter", args=[code.pk]), {"link": "javascript:alert(1)"})
    assert wrong.status_code == 422
    client.post(reverse("growth:enter", args=[code.pk]), {"link": "https://weixin.example.org/g/9"})
    code.refresh_from_db()
    assert (code.state, code.link) == (State.LIVE, "https://weixin.example.org/g/9")
    assert "不会告诉我们" in page(client, code)


def test_change_and_end(client: Client, lin: Staff, code: LiveCode, groups: list[Group]) -> None:
    live(code, "cfg1", "https://qr.example.org/g/1")
    client.force_login(lin)
    assert "春季海报" in client.get(reverse("growth:change", args=[code.pk])).content.decode()
    client.post(reverse("growth:change", args=[code.pk]), {"title": "夏季海报", "groups": [groups[2].pk]})
    client.post(reverse("growth:end", args=[code.pk]))
    assert [row.action for row in Request.objects.order_by("pk")] == ["MakeJoinLink", "ChangeJoinLink", "EndJoinLink"]


def test_who_only_looks_changes_nothing(client: Client, watcher: Staff, code: LiveCode) -> None:
    client.force_login(watcher)
    assert client.get(reverse("growth:make", args=["join"])).status_code == 403
    assert client.post(reverse("growth:end", args=[code.pk])).status_code == 403
    assert "停用" not in page(client, code)


def test_somebody_elsewhere_finds_nothing(client: Client, yu: Staff, code: LiveCode) -> None:
    client.force_login(yu)
    for name in ("code", "change"):
        assert client.get(reverse(f"growth:{name}", args=[code.pk])).status_code == 404
    for name in ("end", "enter"):
        assert client.post(reverse(f"growth:{name}", args=[code.pk]), {"link": "https://e.org"}).status_code == 404
    assert "春季海报" not in client.get(reverse("growth:codes")).content.decode()


def test_there_are_two_kinds_of_code(client: Client, lin: Staff) -> None:
    client.force_login(lin)
    assert client.get(reverse("growth:make", args=["moon"])).status_code == 404


def test_what_is_ticked_stays_ticked_while_others_are_looked_for(client: Client, lin: Staff, groups: list[Group]) -> None:
    client.force_login(lin)
    words = client.get(reverse("growth:make", args=["join"]), {"q": "g1", "groups": [groups[0].pk]}).content.decode()
    assert f'value="{groups[0].pk}" id="id_groups_0" checked' in words.replace(' class="form-check-input"', "")
    assert "g1群" in words
    assert "g2群" not in words
