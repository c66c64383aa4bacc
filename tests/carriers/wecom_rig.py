"""WeCom, ready to be tested: the carrier against the sandbox in this process."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings

from huoqun.carriers.base import Asked, Manifest
from huoqun.carriers.wecom.carrier import WeCom
from huoqun.carriers.wecom.client.budget import Budget
from huoqun.carriers.wecom.client.calls import ways
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.client.tokens import Refusals
from huoqun.carriers.wecom.models import Closed, Corp, Spent
from huoqun.vocabulary import actions as act
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Outcome, Sent, Waiting
from tests.carriers.wecom_far_side import Deed, Line, Strike, far_side
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.errors import NoSense
from wecom_sandbox.groups import Group
from wecom_sandbox.inboxes import Inboxes
from wecom_sandbox.mass_sends import MassSends
from wecom_sandbox.moments import Moments

if TYPE_CHECKING:
    from tests.carriers.rigs import FastClock, Trouble

PICTURE = "0123456789abcdef0123456789abcdef.png"
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
TEXTS = 10
"""So many different texts: what says the same to groups of one owner goes in one task."""
NOBODY = "wmNobody00000000000000000000000"
NO_GROUP = "wrNobody00000000000000000000000"
GROUPS, PEOPLE, CUSTOMERS = 1000, 6000, 2000


class WatchedWeCom:
    """The carrier, and what was asked of it under which key."""

    def __init__(self, rig: WeComRig, inner: WeCom) -> None:
        self._rig, self._inner = rig, inner

    @property
    def manifest(self) -> Manifest:
        return self._inner.manifest

    def send(self, asked: Asked) -> Outcome:
        self._rig.note([asked])
        return self._rig.named(asked, self._inner.send(asked))

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        self._rig.note(asked)
        outcomes = self._inner.send_many(asked)
        return [self._rig.named(each, outcome) for each, outcome in zip(asked, outcomes, strict=True)]

    def look_up(self, asked: Asked) -> Outcome | None:
        with self._rig.looking():
            return self._rig.named(asked, self._inner.look_up(asked))

    def follow(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        with self._rig.looking():
            return self._inner.follow(asked)

    def remind(self, asked: Asked) -> Outcome:
        return self._inner.remind(asked)

    def withdraw(self, asked: Sequence[Asked]) -> list[Outcome | None]:
        return self._inner.withdraw(asked)


class WeComRig:
    """A company of 1,000 groups; nothing of ours is in the database before something is asked."""

    def __init__(self, clock: FastClock) -> None:
        self.clock = clock
        self.line: Line = far_side(
            lambda: clock.now().timestamp(),
            clock.sleep,
            Plan(seed=5, staff=12, groups=GROUPS, people=PEOPLE, customers=CUSTOMERS),
        )
        self.company: Company = self.line.company
        self.company.settings.welcome_code_life = 600  # so that a test may wait a minute, as WeCom asks when it was too much
        self.company.settings.transfer_seconds = 3600
        self.company.settings.customer_transfers_in_90_days = 9
        self.company.settings.group_transfers_in_90_days = 9
        self._http = httpx.Client(transport=self.line, base_url="http://sandbox")
        self._budget, self._refusals = Budget(), Refusals()
        self._asked: dict[str, act.Action] = {}
        self._named: dict[str, str] = {}
        self._serial = 0
        self._muted_next: Strike | None = None
        self.account = Account("garden", "wecom", self.company.corpid)
        self.carrier: Any = WatchedWeCom(self, WeCom(self.account, client=self._client))

    def _client(self, corp: Corp) -> Client:
        return Client(
            corp,
            http=self._http,
            now=self.clock.now,
            sleep=self.clock.sleep,
            ticks=lambda: self.clock.now().timestamp(),
            budget=self._budget,
            refusals=self._refusals,
        )

    @cached_property
    def corp(self) -> Corp:
        told = self.company.told()
        for kind in (Corp, Spent, Closed):
            kind.objects.all().delete()  # of a rig before this one: what it had begun and called is not ours
        corp = Corp.objects.create(
            community="garden",
            corpid=told["corpid"],
            api="http://sandbox",
            agentid=told["apps"][0]["agentid"],
            app_secret=told["apps"][0]["secret"],
            contact_secret=told["contact_secret"],
            made_at=self.clock.now(),
        )
        folder = Path(settings.UPLOADS) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PICTURE).write_bytes(PIXEL)
        return corp

    # What tests ask for

    def sample(self, action: str, number: int = 0) -> act.Action:
        self._serial += 1
        with self.aside():
            return getattr(self, f"_{_snake(action)}")(number)

    def pointless(self, action: str) -> act.Action:
        with self.aside():
            sample = self.sample(action, 999)
        changes: dict[str, Any] = {
            "WelcomeMember": {"code": "never given"},
            "ChangeJoinLink": {"link_id": "0" * 32},
            "EndJoinLink": {"link_id": "0" * 32},
            "ChangeContactLink": {"link_id": "0" * 32},
            "EndContactLink": {"link_id": "0" * 32},
        }.get(action, {"group_id": NO_GROUP} if isinstance(sample, act.GroupAction) else {"member_id": NOBODY})
        return replace(sample, **changes)

    def trouble(
        self, kind: Trouble, *, times: int = 1, seconds: float = 0, news: bool = False, looking_up: bool = False
    ) -> None:
        assert not news, "what WeCom tells is tested with its callbacks"
        strike = Strike(kind.value, times, seconds)
        if looking_up:
            self._muted_next = strike
        elif kind.value == "cut_halfway":
            self.line.halfway = TEXTS // 2
        else:
            self.line.strikes.append(strike)

    def all_clear(self) -> None:
        self.line.strikes.clear()
        self.line.halfway = self._muted_next = self.line.mute = None

    def wait(self, seconds: float) -> timedelta:
        """WeCom says that it was too much, never how long to wait."""
        return timedelta(minutes=1)

    tells_pace = False
    """WeCom takes more than it allows and does not deliver it: `test_wecom` shows that."""

    def confirm(self, key: str) -> None:
        message_id = self._named[key]
        with self.company.lock, suppress(NoSense):
            match self._asked[key]:
                case act.HandOverCustomer():
                    self.clock.leap(timedelta(hours=2))
                    self.company.agenda.run_due()
                case act.PostMoment():
                    moment = self.company.part(Moments).of_job(message_id.removeprefix("job/"))
                    for userid in moment.tasks:
                        self.company.part(Moments).publish(moment.moment_id, userid)
                case _:
                    sends = self.company.part(MassSends)
                    for userid in sends.get(message_id).parts:
                        sends.confirm(message_id, userid)

    def times_done(self, key: str) -> int:
        action = self._asked.get(key)
        return 0 if action is None else _times(action, self.line.deeds)

    def happen(self, count: int) -> None:
        raise AssertionError("what WeCom tells is tested with its callbacks")

    # For the watched carrier

    def note(self, asked: Sequence[Asked]) -> None:
        assert self.corp.pk
        self._asked |= {each.key: each.action for each in asked}

    def named(self, asked: Asked, outcome: Outcome | None) -> Outcome | None:
        if isinstance(outcome, Sent | Waiting):
            self._named[asked.key] = outcome.message_id
        return outcome

    @contextmanager
    def looking(self) -> Iterator[None]:
        """A trouble planned for the next look strikes everything that is asked during it, or the question would be repeated."""
        self.line.mute, self._muted_next = self._muted_next, None
        try:
            yield
        finally:
            self.line.mute = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What the test prepares meets no trouble and is not counted."""
        held = (self.line.strikes, self.line.halfway, self.line.deeds)
        self.line.strikes, self.line.halfway, self.line.deeds = [], None, []
        try:
            yield
        finally:
            self.line.strikes, self.line.halfway, self.line.deeds = held

    # Samples

    def _body(self, number: int) -> act.Body:
        link = act.Link(url="https://example.invalid/live", title="直播", description="周五晚上")
        return act.Body(text=f"今晚七点直播,记得来 {number % TEXTS}", pictures=(PICTURE,), link=link)

    def _own_body(self) -> act.Body:
        return act.Body(text=f"今晚七点直播,第 {self._serial} 次", pictures=(PICTURE,))

    def _group(self, number: int) -> Group:
        return self.company.groups.ever()[number % GROUPS]

    def _customer(self, number: int) -> str:
        return self.company.population.id_of(self.company.population.customer_number(number % CUSTOMERS))

    def _staff(self) -> list[str]:
        return [one.userid for one in self.company.directory.with_contact()]

    def _others(self, *without: str) -> list[str]:
        return [userid for userid in self._staff() if userid not in without]

    def _post_to_group(self, number: int) -> act.Action:
        return act.PostToGroup(account=self.account, group_id=self._group(number).chat_id, body=self._body(number))

    def _message_member(self, number: int) -> act.Action:
        return act.MessageMember(account=self.account, member_id=self._customer(number), body=self._body(number))

    def _welcome_member(self, number: int) -> act.Action:
        staff = self._staff()[number % 10]
        came = self.company.people.do("add_contact", userid=staff, name="小陶")
        code = str(came["welcome_code"])
        return act.WelcomeMember(account=self.account, member_id=came["external_userid"], code=code, body=self._body(number))

    def _tag_member(self, number: int) -> act.Action:
        customer = self._customer(number)
        known_by = self.company.customers.follows_of(customer)[0].userid
        return act.TagMember(
            account=self.account, member_id=customer, add=("活跃", "老友"), remove=("新人",), staff_id=known_by
        )

    def _message_staff(self, number: int) -> act.Action:
        return act.MessageStaff(
            account=self.account,
            staff_id=self._staff()[number % 10],
            body=self._own_body(),
            task=f"todo-{self._serial}",
            choices=(act.Choice(key="done", title="已完成"), act.Choice(key="skip", title="不处理")),
        )

    def _close_card(self, number: int) -> act.Action:
        staff = self._staff()[number % 10]
        card = {"card_type": "button_interaction", "task_id": f"card-{self._serial}", "main_title": {"title": "请移出一位成员"}}
        card |= {"button_list": [{"text": "已完成", "key": "done", "style": 1}]}
        agentid = self.company.apps[0].agentid or 0
        _, code = self.company.part(Inboxes).send(agentid=agentid, kind="template_card", body=card, to=[staff])
        return act.CloseCard(account=self.account, staff_id=staff, code=code, words="已完成")

    def _hand_over_group(self, number: int) -> act.Action:
        group = self._group(number)
        to = self._others(group.owner)[number % TEXTS]
        return act.HandOverGroup(account=self.account, group_id=group.chat_id, to_staff_id=to)

    def _hand_over_customer(self, number: int) -> act.Action:
        customer = self._customer(number)
        known_by = [follow.userid for follow in self.company.customers.follows_of(customer)]
        to = self._others(*known_by)
        return act.HandOverCustomer(
            account=self.account, member_id=customer, from_staff_id=known_by[0], to_staff_id=to[number % len(to)]
        )

    def _make_join_link(self, number: int) -> act.Action:
        chat_id = self._group(number).chat_id
        return act.MakeJoinLink(account=self.account, group_id=chat_id, title="春季海报", source=f"poster-{self._serial}")

    def _change_join_link(self, number: int) -> act.Action:
        group = self._group(number).chat_id
        link = ways.add_join_way(self._client(self.corp), ways.join_way_body([group], remark="旧", state="old"))
        groups = (group, self._group(number + 1).chat_id)
        return act.ChangeJoinLink(
            account=self.account, link_id=link, group_ids=groups, title="新", source=f"new-{self._serial}"
        )

    def _end_join_link(self, number: int) -> act.Action:
        body = ways.join_way_body([self._group(number).chat_id], remark="旧", state="old")
        return act.EndJoinLink(account=self.account, link_id=ways.add_join_way(self._client(self.corp), body))

    def _make_contact_link(self, number: int) -> act.Action:
        staff = (self._staff()[number % 10],)
        return act.MakeContactLink(account=self.account, staff_ids=staff, title="海报", source=f"poster-{self._serial}")

    def _contact_way(self) -> str:
        body = ways.contact_way_body(["lin"], remark="旧", state="old", asks_first=False)
        return ways.add_contact_way(self._client(self.corp), body).config_id

    def _change_contact_link(self, number: int) -> act.Action:
        staff = ("lin", "mo")
        return act.ChangeContactLink(
            account=self.account, link_id=self._contact_way(), staff_ids=staff, title="新", source=f"new-{self._serial}"
        )

    def _end_contact_link(self, number: int) -> act.Action:
        return act.EndContactLink(account=self.account, link_id=self._contact_way())

    def _post_moment(self, number: int) -> act.Action:
        return act.PostMoment(account=self.account, body=self._own_body(), staff_ids=("lin", "mo"))

    def _make_group_welcome(self, number: int) -> act.Action:
        return act.MakeGroupWelcome(account=self.account, body=act.Body(text=f"{{name}},欢迎来到第 {self._serial} 个群"))

    # By hand

    def _pin_message(self, number: int) -> act.Action:
        return act.PinMessage(account=self.account, group_id=self._group(number).chat_id, message_id="m1")

    def _recall_message(self, number: int) -> act.Action:
        return act.RecallMessage(account=self.account, group_id=self._group(number).chat_id, message_id="m1")

    def _set_notice(self, number: int) -> act.Action:
        return act.SetNotice(account=self.account, group_id=self._group(number).chat_id, text="周五晚七点集合")

    def _rename_group(self, number: int) -> act.Action:
        return act.RenameGroup(account=self.account, group_id=self._group(number).chat_id, name="一起瘦二十斤")

    def _remove_member(self, number: int) -> act.Action:
        group = self._group(number).chat_id
        return act.RemoveMember(account=self.account, group_id=group, member_id=self._customer(number))

    def _mute_member(self, number: int) -> act.Action:
        group = self._group(number).chat_id
        return act.MuteMember(account=self.account, group_id=group, member_id=self._customer(number), until=None)

    def _dissolve_group(self, number: int) -> act.Action:
        return act.DissolveGroup(account=self.account, group_id=self._group(number).chat_id)

    def _answer_join_request(self, number: int) -> act.Action:
        return act.AnswerJoinRequest(account=self.account, member_id=self._customer(number), request_id="r1", admit=True)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _times(action: act.Action, deeds: Sequence[Deed]) -> int:
    fits = _FITTING[type(action)]
    counted = Counter(str(deed.body.get("userid", "")) for deed in deeds if deed.path == fits[0] and fits[1](action, deed))
    # Tags are marked for each colleague who knows them: that is one deed.
    return max(counted.values(), default=0)


def _among(deed: Deed, names: str, one: str) -> bool:
    return one in deed.body.get(names, ()) and one not in deed.answer.get("fail_list", ())


def _handed(deed: Deed, one: str) -> bool:
    failed = {each["chat_id"] for each in deed.answer.get("failed_chat_list", ())}
    return one in deed.body["chat_id_list"] and one not in failed


def _begun(deed: Deed, one: str) -> bool:
    return any(each["external_userid"] == one and each["errcode"] == 0 for each in deed.answer["customer"])


def _says(action: Any, deed: Deed) -> bool:
    return bool(deed.body.get("text", {}).get("content", "") == action.body.text.replace("{name}", "%NICKNAME%"))


_CC = "externalcontact"
_FITTING: dict[type[act.Action], tuple[str, Callable[[Any, Deed], bool]]] = {
    act.PostToGroup: (f"{_CC}/add_msg_template", lambda a, d: _among(d, "chat_id_list", a.group_id) and _says(a, d)),
    act.MessageMember: (f"{_CC}/add_msg_template", lambda a, d: _among(d, "external_userid", a.member_id) and _says(a, d)),
    act.WelcomeMember: (f"{_CC}/send_welcome_msg", lambda a, d: d.body["welcome_code"] == a.code),
    act.CloseCard: ("message/update_template_card", lambda a, d: d.body["response_code"] == a.code),
    act.MessageStaff: ("message/send", lambda a, d: d.body.get("template_card", {}).get("task_id") == a.task),
    act.TagMember: (f"{_CC}/mark_tag", lambda a, d: d.body["external_userid"] == a.member_id),
    act.HandOverGroup: (f"{_CC}/groupchat/onjob_transfer", lambda a, d: _handed(d, a.group_id)),
    act.HandOverCustomer: (f"{_CC}/transfer_customer", lambda a, d: _begun(d, a.member_id)),
    act.MakeJoinLink: (f"{_CC}/groupchat/add_join_way", lambda a, d: d.body["state"] == a.source),
    act.ChangeJoinLink: (f"{_CC}/groupchat/update_join_way", lambda a, d: d.body["config_id"] == a.link_id),
    act.EndJoinLink: (f"{_CC}/groupchat/del_join_way", lambda a, d: d.body["config_id"] == a.link_id),
    act.MakeContactLink: (f"{_CC}/add_contact_way", lambda a, d: d.body["state"] == a.source),
    act.ChangeContactLink: (f"{_CC}/update_contact_way", lambda a, d: d.body["config_id"] == a.link_id),
    act.EndContactLink: (f"{_CC}/del_contact_way", lambda a, d: d.body["config_id"] == a.link_id),
    act.PostMoment: (f"{_CC}/add_moment_task", _says),
    act.MakeGroupWelcome: (f"{_CC}/group_welcome_template/add", _says),
}
"""Which call does it, and how that one is recognised."""

for _by_hand in (
    *(act.PinMessage, act.RecallMessage, act.SetNotice, act.RenameGroup, act.RemoveMember, act.MuteMember),
    *(act.DissolveGroup, act.AnswerJoinRequest),
):
    _FITTING[_by_hand] = ("", lambda a, d: False)
