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
            case "PinMessage" | "RecallMessage":
                post = self.world.say(room, person, "明天见", at=self.milliseconds())
                kind = act.PinMessage if action == "PinMessage" else act.RecallMessage
                return kind(account=ACCOUNT, group_id=room, message_id=post)
        return self._plain(action, room, person)

    def pointless(self, action: str) -> act.Action:
        match action:
            case "WelcomeMember":
                return act.WelcomeMember(account=ACCOUNT, member_id="p1", code="never given", body=BODY)
            case "AnswerJoinRequest":
                return act.AnswerJoinRequest(account=ACCOUNT, member_id="p1", request_id="999999", admit=True)
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
            "MessageStaff": act.MessageStaff(account=ACCOUNT, staff_id="mo", body=BODY),
        }
        return made[action]

    def trouble(
        self, kind: Trouble, *, times: int = 1, seconds: float = 0, news: bool = False, looking_up: bool = False
    ) -> None:
        method = "news" if news else "find" if looking_up else ""
        self.world.plan(registry.Fault(kind=registry.Kind(kind.value), method=method, times=times, seconds=seconds))

    def all_clear(self) -> None:
        self.world.lift_faults()

    def times_done(self, key: str) -> int:
        return self.world.times_done().get(key, 0)

    def happen(self, count: int) -> None:
        for number in range(count):
            self.world.say(f"r{number % ROOMS + 1}", f"p{number % ROOMS * 2 + 1}", f"第{number}句", at=self.milliseconds())
