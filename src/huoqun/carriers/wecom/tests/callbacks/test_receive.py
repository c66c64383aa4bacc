"""What people do in the sandbox, as its callbacks have it, into events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huoqun.carriers.base import Heard, Unreachable, Unreadable
from huoqun.carriers.models import Connection
from huoqun.carriers.operations import connect, forget_mentions
from huoqun.carriers.wecom.callbacks import operations as deliveries
from huoqun.carriers.wecom.callbacks.chats import STALE
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.models import Chat, Corp, Delivery
from huoqun.carriers.wecom.operations import versions
from huoqun.carriers.wecom.receive import MOST_TRIES, OWED_AFTER, Callbacks
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.vocabulary import events as ev
from wecom_sandbox.company import Company
from wecom_sandbox.events import builders
from wecom_sandbox.events.style import Style
from wecom_sandbox.events.writing import plain_text
from wecom_sandbox.news import Event

pytestmark = pytest.mark.django_db

XML, JSON, OLDER = Style(), Style(shape="json"), Style(lists="joined")


class Ear:
    """A company whose callbacks we hear; its clock moves when told."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        assert sandbox.company is not None
        self.company: Company = sandbox.company
        self.corp = sandbox.corp()
        self.corp.save()
        self.now = datetime.now(UTC)
        self.cursor, self.style = "", XML
        self.clients = 0
        self.callbacks = self.open()
        connect(self.corp.account, now=self.now)
        self.staff, self.other = (one.userid for one in self.company.directory.with_contact()[:2])

    def open(self) -> Callbacks:
        return Callbacks(self.corp.account, now=lambda: self.now, clients=self._client)

    def _client(self, corp: Corp) -> Any:
        self.clients += 1
        return client_for(corp, sleep=lambda seconds: None)

    def do(self, deed: str, **arguments: Any) -> dict[str, Any]:
        """Somebody does something, and the callbacks of it come."""
        with self.company.lock:
            before = len(self.company.news.events)
            told = self.company.people.do(deed, **arguments)
            new = list(self.company.news.events)[before:]
        for event in new:
            self.come(event)
        return dict(told)

    def come(self, event: Event) -> None:
        body = plain_text(event, self.corp.corpid, self.style).encode()
        deliveries.keep(self.corp, body, now=self.now)

    def hear(self, *, after: float = 3.0, keep: bool = True) -> list[Heard]:
        """Everything there is to be told `after` some seconds."""
        self.now += timedelta(seconds=after)
        found: list[Heard] = []
        cursor = self.cursor
        while True:
            told = self.callbacks.receive(cursor)
            found += told.records
            cursor = told.cursor
            if not told.more:
                break
        if keep:
            self.cursor = cursor
        return found

    def group(self, place: int = 0) -> str:
        with self.company.lock:
            return self.company.groups.ever()[place].chat_id


@pytest.fixture
def ear(sandbox: Sandbox) -> Ear:
    return Ear(sandbox)


def test_somebody_new_is_told_at_once_with_name_source_and_code(ear: Ear) -> None:
    made = ear.do("add_contact", userid=ear.staff, name="小陶", state="poster-3")
    (added,) = ear.hear(after=0)
    assert isinstance(added, ev.ContactAdded)
    assert (added.person.name, added.staff_id, added.way, added.source) == ("小陶", ear.staff, "code", "poster-3")
    assert (added.code, added.mutual) == (made["welcome_code"], True)
    assert added.code_expires_at == added.at + timedelta(seconds=20)
    assert added.account == ear.corp.account


def test_a_half_added_one_can_be_welcomed_too(ear: Ear) -> None:
    ear.do("add_contact", userid=ear.staff, half=True)
    (added,) = ear.hear(after=0)
    assert isinstance(added, ev.ContactAdded)
    assert not added.mutual
    assert added.code


@pytest.mark.parametrize("style", [XML, JSON, OLDER], ids=["xml", "json", "older"])
def test_who_comes_into_a_group_is_told_with_inviter_way_and_code(ear: Ear, style: Style) -> None:
    ear.style, chat = style, ear.group()
    ear.do("join_group", chat_id=chat, name="小陶", state="poster-3", scene=3, inviter=ear.staff)
    assert ear.hear(after=1) == []  # the details settle only after a while
    (joined,) = [one for one in ear.hear() if isinstance(one, ev.MemberJoined) and one.member.name == "小陶"]
    assert (joined.group_id, joined.way, joined.source) == (chat, "code", "poster-3")
    assert joined.inviter is not None
    assert joined.inviter.id == ear.staff
    assert joined.group_name == ear.company.groups.get(chat).name


def test_of_a_group_that_is_known_only_the_newcomers_are_told(ear: Ear) -> None:
    chat = ear.group()
    versions.keep_version(ear.corp, chat, ear.company.groups.get(chat).version)
    ear.do("join_group", chat_id=chat, name="小陶")
    ear.do("join_group", chat_id=chat, name="阿莫")
    told = [one.member.name for one in ear.hear() if isinstance(one, ev.MemberJoined)]
    assert sorted(told) == sorted(["小陶", "阿莫"])
    assert versions.version_of(ear.corp, chat) == ear.company.groups.get(chat).version


def test_a_group_nobody_has_read_is_told_with_everybody_in_it(ear: Ear) -> None:
    chat = ear.group()
    ear.do("join_group", chat_id=chat, name="小陶")
    told = {one.member.id for one in ear.hear() if isinstance(one, ev.MemberJoined)}
    assert told == {member.id for member in ear.company.groups.members(ear.company.groups.get(chat))}
    assert versions.version_of(ear.corp, chat) == ear.company.groups.get(chat).version


def test_leaving_needs_no_question_and_says_who_was_removed(ear: Ear) -> None:
    chat = ear.group()
    versions.keep_version(ear.corp, chat, ear.company.groups.get(chat).version)
    tao, ren = [member.id for member in ear.company.groups.members(ear.company.groups.get(chat)) if member.type == 2][:2]
    ear.do("leave_group", chat_id=chat, person=tao)
    ear.do("remove_from_group", chat_id=chat, people=[ren])
    told = {one.member.id: one.removed for one in ear.hear() if isinstance(one, ev.MemberLeft)}
    assert told == {tao: False, ren: True}
    assert ear.clients == 0
    assert versions.version_of(ear.corp, chat) == ear.company.groups.get(chat).version


def test_where_a_step_was_missed_the_group_is_read_anew_and_marked_for_comparison(ear: Ear) -> None:
    chat = ear.group()
    versions.keep_version(ear.corp, chat, "f" * 32)
    tao = next(member.id for member in ear.company.groups.members(ear.company.groups.get(chat)) if member.type == 2)
    ear.do("leave_group", chat_id=chat, person=tao)
    told = ear.hear()
    assert [one.member.id for one in told if isinstance(one, ev.MemberLeft)] == [tao]
    inside = {member.id for member in ear.company.groups.members(ear.company.groups.get(chat))}
    assert {one.member.id for one in told if isinstance(one, ev.MemberJoined)} == inside
    assert versions.version_of(ear.corp, chat) == STALE


def test_a_groups_own_life_is_told(ear: Ear) -> None:
    chat = ear.do("create_group", owner=ear.staff, name="春季读书会")["chat_id"]
    born = ear.hear()
    assert [(one.group_name, one.by and one.by.id) for one in born if isinstance(one, ev.GroupCreated)] == [
        ("春季读书会", ear.staff)
    ]
    assert [one.member.id for one in born if isinstance(one, ev.MemberJoined)] == [ear.staff]
    ear.do("rename_group", chat_id=chat, name="夏季读书会")
    ear.do("change_notice", chat_id=chat, notice="每周五共读")
    ear.do("change_owner", chat_id=chat, owner=ear.other)
    told = {type(one): one for one in ear.hear()}
    assert told[ev.GroupRenamed].group_name == "夏季读书会"
    assert told[ev.NoticePosted].text == "每周五共读"
    assert told[ev.OwnerChanged].owner.id == ear.other
    asked = ear.clients
    ear.do("dismiss_group", chat_id=chat)
    assert [type(one) for one in ear.hear()] == [ev.GroupDissolved]
    assert ear.clients == asked


def test_notes_and_partings_are_told(ear: Ear) -> None:
    tao = ear.do("add_contact", userid=ear.staff, name="小陶")["external_userid"]
    ear.hear()
    ear.do(
        "edit_contact", userid=ear.staff, external_userid=tao, remark="小陶-读书会", description="喜欢科幻", own_tags=["老友"]
    )
    (changed,) = ear.hear()
    assert isinstance(changed, ev.ContactChanged)
    assert (changed.remark, changed.description, changed.tags) == ("小陶-读书会", "喜欢科幻", ("老友",))
    ear.come(Event("change_external_contact", 1760000000, "del_follow_user", {"UserID": ear.staff, "ExternalUserID": tao}))
    gone = {"UserID": ear.staff, "ExternalUserID": tao, "Source": "DELETE_BY_TRANSFER"}
    ear.come(Event("change_external_contact", 1760000001, "del_external_contact", gone))
    told = [one for one in ear.hear() if isinstance(one, ev.ContactLost)]
    assert [(one.by_customer, one.handed_over) for one in told] == [(True, False), (False, True)]


def test_colleagues_come_change_and_go(ear: Ear) -> None:
    ear.do("hire", userid="yu_new", name="小于")
    ear.do("change_colleague", userid="yu_new", name="于老师")
    ear.do("resign", userid="yu_new")
    told = [one for one in ear.hear() if isinstance(one, ev.StaffChanged)]
    changes = [one.change.value for one in told if one.staff_id == "yu_new"]
    assert (changes[0], changes[-1]) == ("arrived", "left")


def test_a_tapped_card_is_told(ear: Ear) -> None:
    card = builders.card_answered(
        1760000700,
        ear.staff,
        key="done",
        task_id="todo-1",
        card_type="button_interaction",
        response_code="rc1",
        agentid=1,
        chosen={},
    )
    ear.come(card)
    (answered,) = ear.hear(after=0)
    assert isinstance(answered, ev.StaffAnswered)
    assert (answered.staff_id, answered.task, answered.choice, answered.code) == (ear.staff, "todo-1", "done", "rc1")


def test_what_is_nothing_for_us_is_counted_and_no_trouble(ear: Ear) -> None:
    ear.come(builders.acquisition(1760000000, "balance_low"))
    ear.come(builders.in_app(1760000000, ear.staff, "enter_agent", agentid=1))
    ear.come(builders.message_to_app(1760000000, ear.staff, "text", msgid=7, agentid=1, Content="在吗"))
    ear.come(Event("something_new", 1760000000, "tomorrow", {"Id": "1"}))
    assert ear.hear() == []
    ear.hear()
    passed_over = Delivery.objects.filter(state=Delivery.State.PASSED_OVER).values_list("kind", flat=True)
    assert set(passed_over) == {"customer_acquisition/balance_low", "enter_agent", "message/text", "something_new/tomorrow"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"<xml><Event>change_contact</Event>", ""),
        (b"<xml><Event>change_contact</Event><ChangeType>delete_user</ChangeType><UserID>a</UserID></xml>", "CreateTime"),
        (b"<xml><Event>change_contact</Event><ChangeType>delete_user</ChangeType><CreateTime>9</CreateTime></xml>", "UserID"),
        (b"<xml><Event>change_external_chat</Event><ChangeType>create</ChangeType><CreateTime>9</CreateTime></xml>", "ChatId"),
        (
            b"<xml><Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType><CreateTime>9</CreateTime></xml>",
            "ExternalUserID",
        ),
        (b"<xml><Event>template_card_event</Event><CreateTime>9</CreateTime><FromUserName>a</FromUserName></xml>", "TaskId"),
        ("坏了\0".encode(), ""),
    ],
)
def test_what_cannot_be_read_is_shown_and_holds_nothing_up(ear: Ear, body: bytes, field: str) -> None:
    deliveries.keep(ear.corp, body, now=ear.now)
    ear.do("add_contact", userid=ear.staff, name="小陶")
    told = ear.hear()
    (bad,) = [one for one in told if isinstance(one, Unreadable)]
    assert field in bad.field
    assert bad.raw
    assert any(isinstance(one, ev.ContactAdded) for one in told)
    assert ear.hear() == []


# Twice, late, and what was told but not kept


def test_delivered_three_times_it_is_told_once(ear: Ear) -> None:
    event = Event("change_external_contact", 1760000000, "del_follow_user", {"UserID": "mo", "ExternalUserID": "wm1"})
    for _ in range(3):
        ear.come(event)
    assert len(ear.hear()) == 1
    ear.come(event)
    assert ear.hear() == []


def test_what_was_told_and_not_kept_is_told_again_under_the_same_name(ear: Ear) -> None:
    ear.do("add_contact", userid=ear.staff, name="小陶")
    first = ear.hear(after=0, keep=False)
    ear.callbacks = ear.open()  # whoever had asked has died
    assert ear.hear(after=0) == first
    assert ear.hear() == []


def test_two_who_ask_at_once_lose_nothing(ear: Ear) -> None:
    ear.do("add_contact", userid=ear.staff, name="小陶")
    mine = ear.callbacks.receive("")
    ear.do("add_contact", userid=ear.staff, name="阿莫")
    theirs = ear.open().receive("")
    ear.cursor = mine.cursor  # mine is kept; they die before theirs is
    told = {one.person.name for one in [*mine.records, *ear.hear()] if isinstance(one, ev.ContactAdded)}
    assert told == {"小陶", "阿莫"}
    assert len(theirs.records) == 2


def test_newcomers_do_not_wait_for_groups_nor_groups_for_newcomers(ear: Ear) -> None:
    ear.do("join_group", chat_id=ear.group(), name="小陶")
    ear.do("add_contact", userid=ear.staff, name="阿莫")
    ear.now += timedelta(seconds=3)
    first = ear.callbacks.receive("")
    assert [type(one) for one in first.records] == [ev.ContactAdded]
    assert first.more
    ear.do("add_contact", userid=ear.staff, name="阿仁")
    second = ear.callbacks.receive(first.cursor)
    assert {ev.ContactAdded, ev.MemberJoined} <= {type(one) for one in second.records}


# WeCom in trouble


def test_a_newcomer_without_a_name_is_told_all_the_same_and_named_later(ear: Ear) -> None:
    ear.sandbox.fault("errcode", "*/externalcontact/get", errcode=60011, times=1)
    ear.do("add_contact", userid=ear.staff, name="小陶", state="poster-3")
    (added,) = ear.hear(after=0)
    assert isinstance(added, ev.ContactAdded)
    assert (added.person.name, added.way, added.source) == ("", "code", "poster-3")
    assert ear.hear(after=1) == []
    (changed,) = ear.hear(after=OWED_AFTER.total_seconds())
    assert isinstance(changed, ev.ContactChanged)
    assert changed.person.name == "小陶"
    assert changed.source_id != added.source_id
    assert ear.hear() == []


def test_a_group_that_cannot_be_read_waits_and_says_so(ear: Ear) -> None:
    chat = ear.group()
    ear.sandbox.fault("500", "*/groupchat/get", times=-1)
    ear.do("join_group", chat_id=chat, name="小陶")
    with pytest.raises(Unreachable):
        ear.hear()
    ear.sandbox.company.faults.clear()
    told = ear.hear(after=10)
    assert any(isinstance(one, ev.MemberJoined) and one.member.name == "小陶" for one in told)


def test_a_group_that_can_never_be_read_is_told_as_far_as_the_callback_goes(ear: Ear) -> None:
    chat = ear.group()
    ear.sandbox.fault("errcode", "*/groupchat/get", errcode=90501, times=-1)
    tao = ear.do("join_group", chat_id=chat, name="小陶")["members"][0]
    (joined,) = ear.hear()
    assert isinstance(joined, ev.MemberJoined)
    assert (joined.member, joined.way) == (ev.Person(id=tao), "code")
    assert versions.version_of(ear.corp, chat) == STALE


def test_after_many_tries_it_is_told_without_details(ear: Ear) -> None:
    ear.sandbox.fault("errcode", "*/groupchat/get", errcode=60020, times=-1)
    ear.do("join_group", chat_id=ear.group(), name="小陶")
    for _ in range(MOST_TRIES):
        assert ear.hear(after=301) == []
    (joined,) = ear.hear(after=301)
    assert isinstance(joined, ev.MemberJoined)


def test_the_company_is_gone(ear: Ear) -> None:
    ear.corp.delete()
    assert ear.callbacks.receive("x").records == ()


# Waking, and forgetting


def test_what_comes_wakes_the_account_and_news_of_the_archive_the_archives(ear: Ear) -> None:
    archive = connect(ear.corp.archive_account, now=ear.now)
    later = ear.now + timedelta(hours=1)
    Connection.objects.update(next_at=later)
    ear.come(builders.archive_has_news(1760000000))
    assert dict(Connection.objects.values_list("pk", "next_at"))[archive.pk] == ear.now
    assert Connection.objects.filter(next_at=later).count() == 1
    ear.come(builders.acquisition(1760000000, "balance_low"))
    assert not Connection.objects.filter(next_at=later).exists()


def test_old_deliveries_are_forgotten_but_never_open_ones(ear: Ear) -> None:
    ear.come(builders.acquisition(1760000000, "balance_low"))
    ear.hear()
    ear.hear()
    ear.come(builders.acquisition(1760000001, "balance_low"))
    assert deliveries.forget(ear.corp, now=ear.now + deliveries.KEPT - timedelta(minutes=1)) == 0
    assert deliveries.forget(ear.corp, now=ear.now + deliveries.KEPT + timedelta(minutes=1)) == 1
    assert [row.state for row in Delivery.objects.all()] == [Delivery.State.NEW]


def test_one_companys_deliveries_are_not_anothers(ear: Ear) -> None:
    yus = ear.sandbox.corp(community="orchard")
    yus.save()
    ear.do("add_contact", userid=ear.staff, name="小陶")
    assert Callbacks(yus.account, now=lambda: ear.now).receive("").records == ()
    assert Chat.objects.count() == 0


def test_what_was_told_of_an_erased_person_goes_and_others_stay(ear: Ear) -> None:
    tao = ear.do("add_contact", userid=ear.staff, name="小陶")["external_userid"]
    mo = ear.do("add_contact", userid=ear.staff, name="阿莫")["external_userid"]
    ear.hear()
    ear.hear()
    ear.do("edit_contact", userid=ear.staff, external_userid=tao, remark="老陶")
    for community in ("orchard", "garden"):
        forget_mentions(community, [tao])
        left = " ".join(Delivery.objects.order_by("pk").values_list("body", flat=True))
        assert mo in left
        assert left.count(tao) == (2 if community == "orchard" else 1)
