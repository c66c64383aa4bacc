"""The pretended carrier, ready to be tested."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huoqun.carriers import registry
from huoqun.vocabulary import actions as act
from huoqun.vocabulary.ids import Account

if TYPE_CHECKING:
    from tests.carriers.rigs import FastClock, Trouble

ACCOUNT = Account("garden", "pretend", "play")
BODY = act.Body(
    text="今晚七点直播，记得来", pictures=("up-1",), link=act.Link(url="https://example.invalid/live", title="直播")
)
ROOMS = 1000
NOBODY = "nobody"


class PretendRig:
    def __init__(self, clock: FastClock) -> None:
        self.clock = clock
        self.world = registry.World(":memory:")
        self.world.settle(registry.Settlement(rooms=ROOMS, people=2, pulse=0), at=self.milliseconds())
        self.carrier = registry.Pretend(self.world, ACCOUNT, now=clock.now, sleep=clock.sleep)

    def milliseconds(self) -> int:
        return round(self.clock.now().timestamp() * 1000)

    def sample(self, action: str, number: int = 0) -> act.Action:
        room, person = f"r{number % ROOMS + 1}", f"p{number % ROOMS * 2 + 1}"
        match action:
            case "WelcomeMember":
                person = f"new{number}"
                code = self.world.join(room, person, at=self.milliseconds(), name="小陶")
                return act.WelcomeMember(account=ACCOUNT, member_id=person, code=code, body=BODY)
            case "AnswerJoinRequest":
                person = f"knocking{number}"
                knock = self.world.knock(room, person, name="小陶")
                return act.AnswerJoinRequest(account=ACCOUNT, member_id=person, request_id=knock, admit=True)
            case "ChangeJoinLink" | "EndJoinLink" | "ChangeContactLink" | "EndContactLink":
                return self._of_code(action, self.world.hang_up_code(f"https://pretend.invalid/{action}/{number}"), room)
            case "PinMessage" | "RecallMessage":
                post = self.world.say(room, person, "明天见", at=self.milliseconds())
                kind = act.PinMessage if action == "PinMessage" else act.RecallMessage
                return kind(account=ACCOUNT, group_id=room, message_id=post)
        return self._plain(action, room, person)

    def _of_code(self, action: str, door: str, room: str) -> act.Action:
        made: dict[str, act.Action] = {
            "ChangeJoinLink": act.ChangeJoinLink(account=ACCOUNT, link_id=door, group_ids=(room,), title="春季海报"),
            "EndJoinLink": act.EndJoinLink(account=ACCOUNT, link_id=door),
            "ChangeContactLink": act.ChangeContactLink(account=ACCOUNT, link_id=door, staff_ids=("mo",)),
            "EndContactLink": act.EndContactLink(account=ACCOUNT, link_id=door),
        }
        return made[action]

    def pointless(self, action: str) -> act.Action:
        match action:
            case "WelcomeMember":
                return act.WelcomeMember(account=ACCOUNT, member_id="p1", code="never given", body=BODY)
            case "AnswerJoinRequest":
                return act.AnswerJoinRequest(account=ACCOUNT, member_id="p1", request_id="999999", admit=True)
            case "ChangeJoinLink" | "EndJoinLink" | "ChangeContactLink" | "EndContactLink":
                return self._of_code(action, "never made", "r1")
            case "PinMessage":
                return act.PinMessage(account=ACCOUNT, group_id="r1", message_id="999999")
            case "RecallMessage":
                return act.RecallMessage(account=ACCOUNT, group_id="r1", message_id="999999")
        return self._plain(action, NOBODY, NOBODY)

    def _plain(self, action: str, room: str, person: str) -> act.Action:
        until = self.clock.now() + timedelta(hours=1)
        made: dict[str, act.Action] = {
            "PostToGroup": act.PostToGroup(account=ACCOUNT, group_id=room, body=BODY, mentions=(person,)),
            "SetNotice": act.SetNotice(account=ACCOUNT, group_id=room, text="周五晚七点集合"),
            "RemoveMember": act.RemoveMember(account=ACCOUNT, group_id=room, member_id=person),
            "MuteMember": act.MuteMember(account=ACCOUNT, group_id=room, member_id=person, until=until),
            "RenameGroup": act.RenameGroup(account=ACCOUNT, group_id=room, name="三个月一起瘦二十斤"),
            "MakeJoinLink": act.MakeJoinLink(account=ACCOUNT, group_id=room, expires_at=until, uses=20),
            "DissolveGroup": act.DissolveGroup(account=ACCOUNT, group_id=room),
            "HandOverGroup": act.HandOverGroup(account=ACCOUNT, group_id=room, to_staff_id="mo"),
            "MessageMember": act.MessageMember(account=ACCOUNT, member_id=person, body=BODY, group_id=room),
            "TagMember": act.TagMember(account=ACCOUNT, member_id=person, add=("活跃",), remove=("新人",)),
            "MessageStaff": act.MessageStaff(
                account=ACCOUNT, staff_id="mo", body=BODY, task="t1", choices=(act.Choice(key="done", title="已完成"),)
            ),
            "HandOverCustomer": act.HandOverCustomer(account=ACCOUNT, member_id=person, from_staff_id="mo", to_staff_id="lin"),
            "MakeContactLink": act.MakeContactLink(account=ACCOUNT, staff_ids=("mo",), title="海报", source="poster-3"),
            "CloseCard": act.CloseCard(account=ACCOUNT, staff_id="mo", code="c1", words="已完成"),
            "PostMoment": act.PostMoment(account=ACCOUNT, body=BODY, staff_ids=("mo",)),
            "MakeGroupWelcome": act.MakeGroupWelcome(account=ACCOUNT, body=BODY),
        }
        return made[action]

    def trouble(
        self, kind: Trouble, *, times: int = 1, seconds: float = 0, news: bool = False, looking_up: bool = False
    ) -> None:
        method = "news" if news else "find" if looking_up else ""
        self.world.plan(registry.Fault(kind=registry.Kind(kind.value), method=method, times=times, seconds=seconds))

    def all_clear(self) -> None:
        self.world.lift_faults()

    def confirm(self, key: str) -> None:
        reply = self.world.find(key)
        assert reply is not None
        self.world.end_errand(reply["errand"], "done")

    def times_done(self, key: str) -> int:
        return self.world.times_done().get(key, 0)

    def wait(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds)

    tells_pace = True

    def happen(self, count: int) -> None:
        for number in range(count):
            self.world.say(f"r{number % ROOMS + 1}", f"p{number % ROOMS * 2 + 1}", f"第{number}句", at=self.milliseconds())
