"""Who is this customer? What is shown beside a chat, to whom, and how the page is signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import path

from huoqun.carriers import operations as carriers
from huoqun.carriers.signatures import PageSignature, Signed
from huoqun.community.models import Community, Contact, Group, House, Identity, Membership, Tag
from huoqun.console import doors
from huoqun.console.models import Staff
from huoqun.history.rows import rows_of
from huoqun.history.store import open_store
from huoqun.ownership import operations
from huoqun.ownership.pages import who
from huoqun.ownership.tests.conftest import identity
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import Body, MessageMember
from huoqun.vocabulary.events import MessagePosted, OrderPaid, Person
from huoqun.vocabulary.ids import Account

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HERE = Account("balcony", "wechat", "main")
PAGE = "/who/wechat/main/"


@pytest.fixture
def listened(balcony: Community) -> Account:
    carriers.connect(HERE, now=NOW)
    return HERE


@pytest.fixture
def ren(balcony: Community, tomatoes: Group, listened: Account) -> Identity:
    """A customer in the tomato group, known to a colleague."""
    ren = identity(balcony, "ren", "任远")
    joined = NOW - timedelta(days=40)
    Membership.objects.create(group=tomatoes, identity=ren, joined_at=joined, source="poster-3", nickname="阳台小任")
    colleague = identity(balcony, "lin-there", "林在群里", House.STAFF)
    Contact.objects.create(
        community=balcony, staff=colleague, identity=ren, remark="任哥", tags=["老客"], added_at=NOW, source="card-1"
    )
    ren.person.tags.add(Tag.objects.create(community=balcony, name="番茄"))
    return ren


def page_of(staff: Staff, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(staff)
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def test_who_they_are_stands_on_one_narrow_page(tao: Staff, ren: Identity) -> None:
    status, page = page_of(tao, f"{PAGE}customer/?id=ren")
    assert status == 200
    for words in ("任远", "番茄", "老客", "任哥", "阳台小任", "poster-3", "card-1", "林在群里"):
        assert words in page, words


def test_what_is_due_with_them_can_be_done_here(lin: Staff, balcony: Community, ren: Identity) -> None:
    action = MessageMember(account=HERE, member_id="ren", body=Body(text="任哥，苗到了"))
    operations.give_many(
        [Give(community=balcony, key="k", room="r", about="a", due_at=NOW, member=ren, action=action)], now=NOW
    )
    page = page_of(lin, f"{PAGE}customer/?id=ren")[1]
    assert "任哥，苗到了" in page
    assert "/do/" in page


def test_their_last_words_and_orders(tao: Staff, tomatoes: Group, ren: Identity) -> None:
    said = [
        MessagePosted(
            account=HERE,
            source_id=f"m{n}",
            at=datetime.now(UTC) - timedelta(days=n),
            group_id=tomatoes.native_id,
            message_id=f"m{n}",
            author=Person(id="ren" if n < 3 else "somebody-else", name="任远"),
            text=f"第{n}句",
        )
        for n in range(1, 5)
    ]
    order = OrderPaid(
        account=HERE,
        source_id="o1",
        at=datetime.now(UTC) - timedelta(days=9),
        group_id=tomatoes.native_id,
        member=Person(id="ren"),
        order_id="1",
        amount=12_850,
        items=("番茄苗六棵",),
    )
    open_store().add_new(rows_of([*said, order]))
    page = page_of(tao, f"/who/person/{ren.person_id}/past/")[1]
    assert page.index("第1句") < page.index("第2句")
    assert "第3句" not in page, "somebody else said that"
    assert "¥128.50" in page
    assert "番茄苗六棵" in page


def test_yu_learns_nothing(yu: Staff, ren: Identity) -> None:
    assert "任远" not in page_of(yu, f"{PAGE}customer/?id=ren")[1]
    assert "任远" not in page_of(yu, f"{PAGE}?q=任")[1]
    assert page_of(yu, f"/who/person/{ren.person_id}/")[0] == 404
    assert page_of(yu, f"/who/person/{ren.person_id}/past/")[0] == 404
    assert page_of(yu, f"{PAGE}signature/?url=http://testserver/who/")[0] == 404


def test_the_same_id_on_an_account_that_is_not_connected_means_nobody(tao: Staff, ren: Identity) -> None:
    assert "任远" not in page_of(tao, "/who/wechat/other/customer/?id=ren")[1]
    assert "任远" not in page_of(tao, "/who/telegram/main/customer/?id=ren")[1]


def test_people_are_found_by_their_name_and_by_what_a_colleague_calls_them(tao: Staff, ren: Identity) -> None:
    for words in ("任远", "任哥"):
        assert f"/who/person/{ren.person_id}/" in page_of(tao, f"{PAGE}?q={words}")[1], words
    assert f"/who/person/{ren.person_id}/" not in page_of(tao, f"{PAGE}?q=nobody")[1]


def test_the_page_beside_a_group_chat(tao: Staff, tomatoes: Group, ren: Identity) -> None:
    assert str(tomatoes) in page_of(tao, f"{PAGE}group/?id={tomatoes.native_id}")[1]


class _Somewhere:
    """The addresses of this room with somebody who signs."""

    urlpatterns = [
        path(
            "who/<str:carrier>/<str:account>/signature/",
            who.signature,
            {"signature_of": lambda account, url: PageSignature("ww1", "7", Signed(1, url, "s"), Signed(2, "n", str(account)))},
        )
    ]


def test_only_pages_of_ours_are_signed(tao: Staff, listened: Account, settings: object) -> None:
    settings.ROOT_URLCONF = _Somewhere  # type: ignore[attr-defined]
    client = Client()
    client.force_login(tao)
    signed = client.get(f"{PAGE}signature/", {"url": "http://testserver/who/wechat/main/"}).json()
    assert (signed["company"], signed["app"]) == ("ww1", "7")
    assert signed["page"]["nonceStr"] == "http://testserver/who/wechat/main/"
    assert signed["agent"]["signature"] == str(HERE)
    assert client.get(f"{PAGE}signature/", {"url": "https://evil.example/"}).status_code == 400
    assert client.get(f"{PAGE}signature/").status_code == 400


def test_within_the_app_nobody_signs_in_by_hand(client: Client, listened: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "_doors", {})
    assert "/account/login/" in client.get(PAGE).headers["Location"]
    door = doors.Door("wechat/main", "x", "/their/door/", straight=True)
    monkeypatch.setattr(doors, "_doors", {"x": lambda request: [door]})
    assert client.get(PAGE).headers["Location"] == "/their/door/?next=%2Fwho%2Fwechat%2Fmain%2F"
    monkeypatch.setattr(doors, "_doors", {"x": lambda request: [door, door]})
    assert "/account/login/" in client.get(PAGE).headers["Location"], "of two doors nobody can choose for them"
