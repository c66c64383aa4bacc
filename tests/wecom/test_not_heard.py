"""What carriers say of which groups they hear reaches the audit and the group's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.models import Archive, ArchiveCoverage, Chat, Corp
from huoqun.community.models import Community, Group, RosterReading
from huoqun.console.models import Role, Staff
from huoqun.health.long_work import Desk, audit_community
from huoqun.health.models import GroupHealth
from huoqun.history.rows import rows_of
from huoqun.history.store import Store
from huoqun.vocabulary.events import MessagePosted, Person
from huoqun.vocabulary.ids import Account, group_key
from huoqun.wiring.heard import learn

pytestmark = pytest.mark.django_db

ACCOUNT = Account("balcony", "wecom", "wwcorp")
NOW = datetime(2026, 5, 1, 2, tzinfo=UTC)
SPOKEN = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def corp() -> Corp:
    community = Community.objects.create(slug="balcony", name="阳台种菜", zone="Asia/Shanghai", created_at=SPOKEN)
    corp = Corp.objects.create(community="balcony", corpid="wwcorp", name="栀野生活", archive_secret="s", made_at=SPOKEN)
    Connection.objects.create(community="balcony", carrier="wecom", name="wwcorp", next_at=NOW, made_at=SPOKEN)
    Archive.objects.create(corp=corp, asked_at=NOW)
    for chat_id, licensed in (("wrHeard", 1), ("wrMute", 0)):
        key = group_key(ACCOUNT, chat_id)
        Group.objects.create(community=community, key=key, carrier="wecom", native_id=chat_id, name=chat_id)
        Chat.objects.create(corp=corp, chat_id=chat_id)
        turned = {"licensed": licensed, "turned_at": None if licensed else NOW - timedelta(days=30)}
        ArchiveCoverage.objects.create(corp=corp, group_id=chat_id, checked_at=NOW, check_at=NOW, customers=3, **turned)
    return corp


def spoken(store: Store) -> None:
    """Both fall silent in March; the record goes on elsewhere."""
    said = [message(chat_id, day, who) for chat_id in ("wrHeard", "wrMute") for day in range(10) for who in range(3)]
    store.add_new(rows_of([*said, message("wrElsewhere", 60, 9)]))


def message(chat_id: str, day: int, who: int) -> MessagePosted:
    return MessagePosted(
        account=ACCOUNT,
        source_id=f"{chat_id}/{day}/{who}",
        at=SPOKEN + timedelta(days=day, minutes=who),
        group_id=chat_id,
        message_id=f"{chat_id}/{day}/{who}",
        author=Person(id=f"wm{who}", name=f"客户{who}"),
        text="早",
    )


@pytest.mark.method("E11")
def test_a_group_without_a_licence_is_said_not_to_be_heard_and_the_other_to_be_dead(corp: Corp, tmp_path: Path) -> None:
    store = Store(tmp_path / "history")
    spoken(store)
    community = Community.objects.get()
    assert learn(community, now=NOW) == 1
    assert learn(community, now=NOW) == 0
    audit_community(community, Desk(store, tmp_path / "health"), now=NOW, as_of=NOW.date() - timedelta(days=1))
    states = dict(GroupHealth.objects.filter(audit__complete=True).order_by("audit__as_of").values_list("group__name", "state"))
    assert states["wrHeard"] in {"dead", "dormant"}
    mute = GroupHealth.objects.filter(group__name="wrMute").latest("audit__as_of")
    Group.objects.filter(pk=mute.group_id).update(notice="每周五晚八点共读", noticed_at=NOW)
    RosterReading.objects.create(community=community, carrier="wecom", name="wwcorp", at=NOW, joined=3, left=1)
    assert (mute.state, mute.causes, mute.action, mute.p_silent) == ("unheard", [], "", None)
    lin = Staff.objects.create_user("lin", password="x", role=Role.ADMIN)
    page = Client()
    page.force_login(lin)
    told = page.get(f"/groups/{mute.group_id}/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "这个群听不到。" in told
    assert "群里没有一位同事有会话存档许可" in told
    assert "每周五晚八点共读" in told
    assert "下一步：" not in told
    assert "补上了没有收到通知的 3 次进群、1 次退群" in told
    first = page.get("/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "另有 1 个群听不到，不做判断" in first
    listed = page.get("/groups/?state=unheard").content.decode()
    assert ("wrMute" in listed, "wrHeard" in listed) == (True, False)
