"""The first page says what is due today; a broadcast's page leads to what followed it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group
from huoqun.console.models import Role, Staff
from huoqun.content.models import Broadcast, Recipient
from huoqun.health.models import Audit, GroupDay, GroupHealth
from huoqun.health.tests.pages.conftest import AS_OF, NOW
from huoqun.ownership import operations as ownership
from huoqun.ownership.types import Give

pytestmark = pytest.mark.django_db


def text(client: Client, staff: Staff, name: str, *args: object, **query: str) -> str:
    client.force_login(staff)
    answer = client.get(reverse(f"health:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def give(home: Community, number: int, *, to: Staff | None) -> None:
    due = timezone.now() - timedelta(hours=number)
    wish = Give(community=home, key=f"k{number}", room="sop", about="run/1", due_at=due, title=f"发第{number}条", to=to)
    ownership.give(wish, now=timezone.now() - timedelta(days=1))


def due_block(page: str) -> str:
    return page.split('id="due"')[1].split("</section>", maxsplit=1)[0]


@pytest.mark.method("I11")
def test_the_first_page_begins_with_what_is_due_today(client: Client, mo: Staff, yu: Staff, balcony: Community) -> None:
    for number in range(1, 6):
        give(balcony, number, to=mo)
    page = text(client, mo, "home")
    assert page.index('id="due"') < page.index('id="need"')
    block = due_block(page)
    assert "今天要做 5 条，其中 5 条已超时。" in block
    assert block.count('class="todo todo-late"') == 3
    assert "发第5条" in block
    assert "发第1条" not in block
    assert "看全部 5 条待办" in block
    assert "ownership/todos" in page
    assert "发第5条" not in text(client, yu, "home")


def test_a_lead_is_told_what_nobody_has_and_what_is_late_with_others(
    client: Client, mo: Staff, lin: Staff, balcony: Community
) -> None:
    give(balcony, 1, to=mo)
    give(balcony, 2, to=None)
    block = due_block(text(client, lin, "home"))
    assert "Nothing is due today." in block
    assert "1 due today is nobody&#x27;s yet." in block or "1 due today is nobody's yet." in block
    assert "1 is late with somebody else." in block
    assert "发第2条" in block
    assert "发第1条" not in block
    assert "late with" not in due_block(text(client, mo, "home"))


def test_nothing_due_is_one_line_with_an_audit_and_without(client: Client, mo: Staff, yu: Staff, balcony: Community) -> None:
    for staff in (mo, yu):
        block = due_block(text(client, staff, "home"))
        assert "今天没有要做的。" in block or "Nothing is due today." in block
        assert "todo-late" not in block
        assert reverse("ownership:today") in block


def test_whoever_only_looks_is_offered_no_button(client: Client, balcony: Community, mo: Staff) -> None:
    give(balcony, 1, to=mo)
    assert "hx-post" in due_block(text(client, mo, "home"))
    mo.role = Role.OBSERVER
    mo.save()
    assert "hx-post" not in due_block(text(client, mo, "home"))


def test_the_first_page_costs_the_same_with_to_dos(
    client: Client, lin: Staff, balcony: Community, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 9):
        give(balcony, number, to=lin if number % 2 else None)
    text(client, lin, "home")
    with django_assert_max_num_queries(15):
        client.get(reverse("health:home"))


# What followed

POSTED = datetime(2026, 11, 17, 2, tzinfo=UTC)
"""Tuesday, ten in the morning in Shanghai; with the Wednesday after there are 3 and 2 messages in the tomato group."""


@pytest.fixture
def broadcast(balcony: Community, lin: Staff) -> Broadcast:
    GroupHealth.objects.filter(group__name="香草群").update(leaves_30d=None)
    made = Broadcast.objects.create(
        community=balcony,
        title="周末换苗",
        text="来",
        state="done",
        written_by=lin,
        written_at=NOW,
        sent_by=lin,
        sent_at=POSTED,
    )
    for group in Group.objects.filter(community=balcony):
        arrived(made, group, POSTED)
    return made


def arrived(broadcast: Broadcast, group: Group, at: datetime) -> Recipient:
    return Recipient.objects.create(
        broadcast=broadcast, kind="group", key=group.key, group=group, name=group.name, outcome="sent", settled_at=at,
        request_key=f"broadcast/{broadcast.pk}/group/{group.key}",
    )  # fmt: skip


def row_of(page: str, name: str) -> list[str]:
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f">{name}</a>" in row]
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]


@pytest.mark.method("G04")
def test_what_followed_is_said_first_then_group_by_group(client: Client, lin: Staff, broadcast: Broadcast) -> None:
    GroupDay.objects.filter(group__name="番茄群", day="2026-11-18").update(leaves=3)
    page = text(client, lin, "followed", broadcast.pk)
    # 3 and 2 messages; a week before 10 and 9, two weeks 17 and 16, three weeks 24 and 23.
    assert (
        "On the day it arrived and the day after, members said 5 messages in 2 groups, in the 1 that can be compared "
        "0.2 times as much as usual on the same weekdays before; 3 people left, usually 0." in page
    )
    assert row_of(page, "番茄群")[:6] == ["番茄群", "5", "33 (19–47)", "0.2", "3", "0"]
    assert row_of(page, "香草群")[:6] == ["香草群", "0", "—", "—", "—", "—"]
    assert "not what came of it" in page
    assert "by day, not by hour" in page


def test_the_way_there_stands_on_the_broadcasts_page(client: Client, lin: Staff, broadcast: Broadcast) -> None:
    client.force_login(lin)
    address, here = reverse("content:broadcast", args=[broadcast.pk]), reverse("health:followed", args=[broadcast.pk])
    assert f'href="{here}"' in client.get(address).content.decode()
    Recipient.objects.update(outcome="refused")
    assert f'href="{here}"' not in client.get(address).content.decode()


def test_days_that_are_not_over_are_not_silence(client: Client, lin: Staff, broadcast: Broadcast) -> None:
    Recipient.objects.update(settled_at=NOW)
    assert "not known yet" in text(client, lin, "followed", broadcast.pk)
    Recipient.objects.filter(group__name="番茄群").update(settled_at=POSTED)
    page = text(client, lin, "followed", broadcast.pk)
    assert "5 messages in 1 group" in page
    assert "1 group is not in it yet" in page
    assert row_of(page, "香草群")[1] == "not over yet"


def test_other_broadcasts_on_the_same_days_are_named(client: Client, lin: Staff, broadcast: Broadcast) -> None:
    assert "another broadcast" not in text(client, lin, "followed", broadcast.pk)
    tomatoes = Group.objects.get(name="番茄群")
    for days in (1, -7):
        other = Broadcast.objects.create(community=broadcast.community, title="别的", text="来", state="done", written_at=NOW)
        arrived(other, tomatoes, POSTED + timedelta(days=days))
    page = text(client, lin, "followed", broadcast.pk)
    assert "In 1 group another broadcast arrived on these days too" in page
    assert "In 1 group a broadcast also arrived on the days compared with" in page


def test_private_messages_are_followed_in_the_groups_and_it_says_so(client: Client, lin: Staff, broadcast: Broadcast) -> None:
    Broadcast.objects.update(to="members")
    Recipient.objects.filter(group__name="香草群").delete()
    Recipient.objects.update(kind="person")
    page = text(client, lin, "followed", broadcast.pk)
    assert "5 messages in 1 group, 0.2 times" in page
    assert "answers there are not seen here" in page


def test_without_an_arrival_or_an_audit_it_says_so(client: Client, lin: Staff, mo: Staff, broadcast: Broadcast) -> None:
    Audit.objects.all().delete()
    assert "还没有做过体检" in text(client, mo, "followed", broadcast.pk)
    Recipient.objects.all().delete()
    page = text(client, mo, "followed", broadcast.pk)
    assert "<table" not in page


def test_who_belongs_elsewhere_and_drafts_find_no_page(client: Client, lin: Staff, yu: Staff, broadcast: Broadcast) -> None:
    address = reverse("health:followed", args=[broadcast.pk])
    assert client.get(address).status_code == 302
    client.force_login(yu)
    assert client.get(address).status_code == 404
    client.force_login(lin)
    assert client.get(address).status_code == 200
    Broadcast.objects.update(state="draft")
    assert client.get(address).status_code == 404


def test_it_costs_the_same_with_many_groups(
    client: Client, lin: Staff, broadcast: Broadcast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    audit = Audit.objects.get(as_of=AS_OF)
    for key in range(100, 170):
        group = Group.objects.create(
            community=broadcast.community, key=key, carrier="qq", native_id=f"g{key}", name=f"群{key}"
        )  # fmt: skip
        GroupHealth.objects.create(audit=audit, group=group, state="steady", leaves_30d=0)
        arrived(broadcast, group, POSTED)
    page = text(client, lin, "followed", broadcast.pk)
    assert page.count('scope="row"') == 50
    assert text(client, lin, "followed", broadcast.pk, page="2").count('scope="row"') == 22
    with django_assert_max_num_queries(15):
        client.get(reverse("health:followed", args=[broadcast.pk]))
