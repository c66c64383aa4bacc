"""A message to forty groups: 37 owners confirm, two are reminded, one lets it expire, and the page says exactly that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox
from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.content import operations as content
from huoqun.content.models import Broadcast, Way
from huoqun.content.operations.sending import plan
from huoqun.content.pages import sentences
from huoqun.content.queries.broadcasts import counts
from huoqun.content.queries.confirming import confirmations
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State
from huoqun.vocabulary.ids import group_key
from tests.wecom.clockwork import Day

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine o'clock in Shanghai."""
GROUPS = 40
SPREAD = 120
"""Minutes."""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(seed=40, staff=10, groups=GROUPS, people=400, customers=100, now=int(MORNING.timestamp())) as found:
        yield found


def owners_confirm(day: Day, forgetful: set[str]) -> None:
    """All but those who forget."""
    for row in Request.objects.filter(state=State.CONFIRMING).exclude(target__in=forgetful):
        day.sandbox.people("confirm_mass_send", msgid=row.message_id, userid=row.waits_for_staff)


@pytest.fixture
def lin(db: None) -> Staff:
    return Staff.objects.create(username="lin", role=Role.LEAD)


@pytest.fixture
def garden(lin: Staff) -> Community:
    home = communities.found("栀野读书会", slug="garden", zone="Asia/Shanghai", now=MORNING)
    communities.seat(lin, home)
    return home


@pytest.fixture
def day(sandbox: Sandbox, garden: Community) -> Day:
    corp = sandbox.corp("garden", made_at=MORNING)
    corp.save()
    assert sandbox.company is not None
    for number, chat in enumerate(sandbox.company.groups.ever()[:GROUPS]):
        key = group_key(corp.account, chat.chat_id)
        Group.objects.create(
            community=garden, key=key, carrier="wecom", native_id=chat.chat_id, name=f"读书会{number:02}", state="steady"
        )
        Way.objects.create(group_key=key, community="garden", carrier="wecom", account=corp.corpid, heard_at=MORNING)
    return Day(sandbox, corp, MORNING)


@pytest.mark.method("G04", "I03")
def test_forty_groups_of_which_37_are_confirmed_two_reminded_and_one_expires(
    day: Day, garden: Community, lin: Staff, client: Client
) -> None:
    written = content.write(
        garden, by=lin, now=MORNING, title="周五共读", text="{{群名}}的朋友们，本周五晚八点共读第三章", spread_minutes=SPREAD
    )
    broadcast = content.send(written, by=lin, now=MORNING)
    plan(broadcast.pk, now=MORNING, dice=lambda: 0.5)
    due = list(Request.objects.order_by("not_before").values_list("target", flat=True))
    forgetful = {due[0], due[-1], due[-2]}

    # Within two hours each group's owner has the message in their app; by noon 37 groups have it.
    day.goes_on(timedelta(minutes=SPREAD), step=timedelta(minutes=10))
    assert Request.objects.filter(state=State.CONFIRMING).count() == GROUPS
    owners_confirm(day, forgetful)
    day.goes_on(timedelta(hours=1), step=timedelta(minutes=20))
    assert standing(broadcast) == (
        "37 of 40 groups have it, 3 wait for a colleague. By colleagues: 37 confirmed, 3 not confirmed yet."
    )

    # Lin reminds those who have not, from the page.
    client.force_login(lin)
    client.post(reverse("content:remind", args=[broadcast.pk]))
    Request.objects.filter(remind_at__isnull=False).update(remind_at=day.now, next_try_at=day.now)
    day.goes_on(timedelta(minutes=10), step=timedelta(minutes=10))
    assert Request.objects.filter(state=State.CONFIRMING, reminders=1).count() == 3

    # A day after it was due the first is of no use any more: it is taken back, and can never go out.
    day.goes_on(MORNING + timedelta(hours=24, minutes=20) - day.now, step=timedelta(hours=1))
    assert standing(broadcast) == (
        "37 of 40 groups have it, 2 wait for a colleague, 1 too late. By colleagues: 37 confirmed, 2 reminded, 1 expired."
    )
    page = client.get(reverse("content:broadcast", args=[broadcast.pk])).content.decode()
    assert "37 个已确认，2 个已提醒，1 个已过期" in page
    expired = Request.objects.get(state=State.EXPIRED)
    assert expired.target == due[0]
    assert said_in(day.sandbox, expired.target) == 0

    # Everybody else heard it once.
    sent = Request.objects.filter(state=State.SENT).values_list("target", flat=True)
    assert [said_in(day.sandbox, target) for target in sent] == [1] * 37


def standing(broadcast: Broadcast) -> str:
    broadcast.refresh_from_db()
    with translation.override("en"):
        return sentences.standing(broadcast, counts([broadcast.pk])[broadcast.pk], confirmations(broadcast))


def said_in(sandbox: Sandbox, target: str) -> int:
    """How often the message really went to the group."""
    from wecom_sandbox.mass_sends import SENT, MassSends

    assert sandbox.company is not None
    chat = target.removeprefix("group/")
    with sandbox.company.lock:
        parts = [part for mass in sandbox.company.part(MassSends).all() for part in mass.parts.values()]
        return sum(part.to[chat].status == SENT for part in parts if chat in part.to)
