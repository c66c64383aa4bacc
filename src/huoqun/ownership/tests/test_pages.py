from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from huoqun.community.models import Community, Identity
from huoqun.console.models import Export, Role, Staff
from huoqun.ownership import operations
from huoqun.ownership.models import Away, Contact, State, Todo
from huoqun.ownership.tests.conftest import ACCOUNT, TEXT
from huoqun.ownership.types import Give
from huoqun.vocabulary.actions import Body, Link, PostToGroup

Wish = Callable[..., Give]
HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def todo(wish: Wish) -> Todo:
    return operations.give(wish(due_at=timezone.now() + HOUR), now=timezone.now())


def address(name: str, *args: object) -> str:
    return reverse(f"ownership:{name}", args=args)


def test_an_operator_does_it_by_a_tap_and_takes_it_back(client: Client, mo: Staff, todo: Todo) -> None:
    client.force_login(mo)
    page = client.get(address("today")).content.decode()
    assert TEXT in page
    assert "番茄群" in page
    answer = client.post(address("do", todo.pk), headers=HTMX)
    assert answer.status_code == 200
    assert address("undo", todo.pk) in answer.content.decode()
    assert "<html" not in answer.content.decode()
    todo.refresh_from_db()
    assert (todo.state, todo.done_by) == (State.DONE, mo)
    assert address("undo", todo.pk) in client.get(address("today")).content.decode()
    client.post(address("undo", todo.pk), headers=HTMX)
    todo.refresh_from_db()
    assert todo.state == State.OPEN


def test_without_scripts_the_button_leads_back(client: Client, mo: Staff, todo: Todo) -> None:
    client.force_login(mo)
    assert client.post(address("do", todo.pk)).headers["Location"] == address("today")
    evil = client.post(address("undo", todo.pk), {"next": "https://evil.example/"})
    assert evil.headers["Location"] == address("today")


def test_what_can_no_longer_be_taken_back_offers_no_button(client: Client, mo: Staff, todo: Todo) -> None:
    client.force_login(mo)
    operations.do(todo, by=mo, now=timezone.now() - timedelta(minutes=2))
    assert address("undo", todo.pk) not in client.get(address("card", todo.pk)).content.decode()
    client.post(address("undo", todo.pk), headers=HTMX)
    todo.refresh_from_db()
    assert todo.state == State.DONE


PAGES = ("one", "card", "do", "undo", "cannot", "hand_on", "cancel")


def test_who_belongs_elsewhere_does_not_even_learn_that_it_exists(client: Client, yu: Staff, lin: Staff, todo: Todo) -> None:
    def answers(staff: Staff) -> list[int]:
        client.force_login(staff)
        got = [client.get(address(name, todo.pk)).status_code for name in ("one", "card")]
        return got + [client.post(address(name, todo.pk)).status_code for name in PAGES[2:]]

    assert answers(yu) == [404] * 7
    for name in ("today", "all", "away"):
        page = client.get(address(name)).content.decode()
        assert TEXT not in page
        assert "番茄" not in page
        assert "莫言秋" not in page
    assert client.get(address("all") + "?export=csv").getvalue().decode().count("\n") == 1
    assert 404 not in answers(lin)


def test_an_observer_looks_and_an_operator_cancels_nothing(client: Client, mo: Staff, todo: Todo) -> None:
    client.force_login(mo)
    assert client.post(address("cancel", todo.pk)).status_code == 403
    Staff.objects.filter(pk=mo.pk).update(role=Role.OBSERVER)
    assert client.get(address("one", todo.pk)).status_code == 200
    assert address("do", todo.pk) not in client.get(address("one", todo.pk)).content.decode()
    assert client.post(address("do", todo.pk)).status_code == 403
    assert client.get(address("away")).status_code == 403


def test_a_lead_hands_on_many_and_sees_who_is_drowning(client: Client, wish: Wish, lin: Staff, mo: Staff, tao: Staff) -> None:
    now = timezone.now()
    operations.give_many([wish(f"k{n}", due_at=now - HOUR) for n in range(4)], now=now - 3 * HOUR)
    client.force_login(lin)
    page = client.get(address("all")).content.decode()
    assert 'id="people"' in page
    assert "state-red" in page
    rows = list(Todo.objects.order_by("pk").values_list("pk", flat=True)[:2])
    client.post(address("all"), {"action": "hand_on", "rows": rows, "hand_on-to": tao.pk})
    assert set(Todo.objects.filter(assigned=tao).values_list("pk", flat=True)) == set(rows)
    client.post(address("all"), {"action": "hand_on", "whole": "1", "hand_on-to": "leads"})
    assert Todo.objects.filter(assigned=None).count() == 4
    client.post(address("all"), {"action": "done", "rows": rows})
    assert Todo.objects.filter(state=State.DONE, done_by=lin).count() == 2


def test_an_operator_hands_on_nothing_of_others(client: Client, wish: Wish, mo: Staff, tao: Staff) -> None:
    theirs = operations.give(wish(group=None, to=tao), now=timezone.now())
    client.force_login(mo)
    client.post(address("all"), {"action": "hand_on", "rows": [theirs.pk], "hand_on-to": mo.pk})
    theirs.refresh_from_db()
    assert theirs.assigned == tao
    assert 'id="people"' not in client.get(address("all")).content.decode()


def test_filters_and_the_file(client: Client, wish: Wish, lin: Staff, mo: Staff, tao: Staff) -> None:
    now = timezone.now()
    operations.give_many(
        [wish("late", due_at=now - HOUR), wish("tao", to=tao, due_at=now + HOUR), wish("far", due_at=now + 50 * HOUR)], now=now
    )
    client.force_login(lin)

    def found(query: str) -> int:
        return client.get(f"{address('all')}?export=csv&{query}").getvalue().decode().count("\n") - 1

    assert found("") == 3
    assert found("state=late") == 1
    assert found("state=late&state=open") == 3
    assert found("state=done") == 0
    assert found(f"whose={tao.pk}") == 1
    assert found("whose=leads") == 0
    assert found("q=番茄") == 3
    assert found("q=nothing") == 0
    assert found(f"due_to={timezone.localdate(now + 26 * HOUR)}") == 2
    assert Export.objects.filter(what="todos").count() == 9


def test_one_says_why_and_whose_hands_it_went_through(client: Client, wish: Wish, mo: Staff, tao: Staff, ren: Identity) -> None:
    action = PostToGroup(
        account=ACCOUNT, group_id="g1", body=Body(text=TEXT, link=Link(url="https://example.org/a")), mentions=("ren", "who")
    )
    todo = operations.give(wish(action=action, why="Only by <b>hand</b>."), now=timezone.now())
    client.force_login(mo)
    answer = client.post(address("hand_on", todo.pk), {"to": tao.pk, "said": "帮我一下"})
    assert answer.headers["Location"] == address("today")
    page = client.get(address("one", todo.pk)).content.decode()
    assert "帮我一下" in page
    assert "@小任 @who" in page
    assert "Only by &lt;b&gt;hand" in page
    assert "https://example.org/a" in page


def test_nobody_is_handed_what_they_may_not_see(client: Client, todo: Todo, lin: Staff, yu: Staff) -> None:
    client.force_login(lin)
    assert client.post(address("hand_on", todo.pk), {"to": yu.pk}).status_code == 422


def test_who_cannot_do_it_gives_it_to_the_leads(client: Client, todo: Todo, mo: Staff) -> None:
    client.force_login(mo)
    client.post(address("cannot", todo.pk), {"said": "进不了群"})
    todo.refresh_from_db()
    assert todo.assigned is None
    assert todo.hands.get().said == "进不了群"


def test_an_absence_is_written_down_by_oneself_or_the_lead(client: Client, mo: Staff, tao: Staff, lin: Staff) -> None:
    today = timezone.localdate()
    days = {"first": today.isoformat(), "last": (today + timedelta(days=2)).isoformat(), "stand_in": tao.pk}
    client.force_login(mo)
    client.post(address("go_away"), {**days, "staff": tao.pk})  # the field is not theirs: it is passed over
    away = Away.objects.get()
    assert (away.staff, away.stand_in, away.end - away.start) == (mo, tao, timedelta(days=3))
    assert client.post(address("go_away"), days).status_code == 422
    client.force_login(lin)
    assert "莫言秋" in client.get(address("away")).content.decode()
    client.post(address("go_away"), {**days, "staff": tao.pk, "stand_in": ""})
    assert Away.objects.filter(staff=tao, made_by=lin).exists()
    assert client.post(address("go_away"), {**days, "staff": lin.pk, "stand_in": lin.pk}).status_code == 422
    client.force_login(tao)
    assert client.post(address("come_back", away.pk)).status_code == 404
    client.force_login(lin)
    client.post(address("come_back", away.pk))
    assert not Away.objects.filter(staff=mo, end__gt=timezone.now()).exists()


def test_where_one_is_written_to(client: Client, mo: Staff, tao: Staff, balcony: Community, elsewhere: Community) -> None:
    facts = {"carrier": "wechat", "account": "main", "native_id": "mo-wx"}
    client.force_login(mo)
    assert client.post(address("reach"), {"community": elsewhere.pk, **facts}).status_code == 422
    client.post(address("reach"), {"community": balcony.pk, **facts})
    contact = Contact.objects.get()
    assert (contact.staff, contact.native_id) == (mo, "mo-wx")
    client.force_login(tao)
    assert client.post(address("unreach", contact.pk)).status_code == 404
    client.force_login(mo)
    client.post(address("unreach", contact.pk))
    assert not Contact.objects.exists()


def test_pictures_are_handed_out_to_whoever_may_see_the_to_do(client: Client, wish: Wish, mo: Staff, yu: Staff) -> None:
    name = default_storage.save("todo-test/leaf.png", ContentFile(b"\x89PNG"))
    body = Body(text=TEXT, pictures=(name, "../../etc/passwd", "gone.png", "page.html"))
    todo = operations.give(wish(action=PostToGroup(account=ACCOUNT, group_id="g1", body=body)), now=timezone.now())
    client.force_login(mo)
    answer = client.get(address("picture", todo.pk, 0))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.getvalue() == b"\x89PNG"
    assert [client.get(address("picture", todo.pk, place)).status_code for place in (1, 2, 3, 4)] == [404] * 4
    client.force_login(yu)
    assert client.get(address("picture", todo.pk, 0)).status_code == 404
    default_storage.delete(name)


def test_pages_ask_the_database_as_often_with_many(
    client: Client, wish: Wish, lin: Staff, mo: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    operations.give_many([wish(f"k{n}", due_at=timezone.now() + HOUR) for n in range(40)], now=timezone.now())
    for staff in (mo, lin):
        client.force_login(staff)
        for name in ("today", "all", "away"):
            with django_assert_max_num_queries(15):
                assert client.get(address(name)).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_in_both_languages(client: Client, todo: Todo, lin: Staff, language: str) -> None:
    Staff.objects.filter(pk=lin.pk).update(language=language)
    client.force_login(lin)
    for name, args in (("today", ()), ("all", ()), ("away", ()), ("one", (todo.pk,))):
        page = client.get(address(name, *args)).content.decode()
        assert ("To-dos" in page) is (language == "en")
