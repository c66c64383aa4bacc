"""sample_world plays the people: they talk about what their groups are about, come, go, and write to colleagues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from sample_world.dice import Dice
from sample_world.tongue import Bound, Tongue
from sample_world.words import themes
from sample_world.words.theme import Theme
from wecom_sandbox.errors import NoSense
from wecom_sandbox.groups import NORMAL, Group

from . import contacts, members, talk
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company

SUBJECTS: tuple[tuple[str, Theme], ...] = (
    ("读书", themes.READING),
    ("宝妈", themes.MOTHERS),
    ("新品", themes.VIP),
    ("福利", themes.WELFARE),
    ("跑步", themes.RUNNING),
    ("烘焙", themes.HANDICRAFT),
    ("门店", themes.STORE),
    ("穿搭", themes.LIPSTICK),
    ("打卡", themes.WRITING),
    ("萌宠", themes.PETS),
)
CROWD = 200
"""Play goes on in so many groups at most."""


@dataclass(slots=True)
class _Conversation:
    bound: Bound
    left: list[str] = field(default_factory=list)


class Play:
    """One company's players: `company.part(Play)`."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._dice = Dice(company.seed, 77)
        self._tongues: dict[str, Tongue] = {}
        self._going_on: dict[str, _Conversation] = {}
        self.done: dict[str, int] = {}

    def act(self) -> str:
        """Somebody does something; says what it was."""
        acts = [name for name, _ in ACTS]
        name = self._dice.weighted(acts, [weight for _, (weight, _) in ACTS])
        dict(ACTS)[name][1](self)
        self.done[name] = self.done.get(name, 0) + 1
        return name

    def _group(self) -> Group:
        found = [group for _, group in self._company.groups.walk() if group.status == NORMAL][:CROWD]
        if not found:
            raise NoSense("there are no groups to play in")
        return self._dice.pick(found)

    def _outsider(self, group: Group) -> str:
        """Somebody from outside who is in the group; the owner where nobody is."""
        outside = [member.id for member in self._company.groups.own_members(group).values() if member.type == 2]
        return self._dice.pick(outside) if outside else group.owner

    def talk(self) -> None:
        group = self._group()
        going_on = self._going_on.get(group.chat_id)
        if going_on is None or not going_on.left:
            going_on = self._going_on[group.chat_id] = self._open(group)
        text = self._tongue(group).fill(going_on.left.pop(0), going_on.bound)
        talk.speak(self._company, by=self._outsider(group), chat_id=group.chat_id, text=text)

    def _open(self, group: Group) -> _Conversation:
        tongue = self._tongue(group)
        about = tongue.theme.questions if self._dice.chance(0.6) else tongue.theme.shares
        opening, *answers = tongue.next_exchange(about)
        chosen = self._dice.shuffled(answers)[: self._dice.whole(0, 4)]
        return _Conversation({}, [opening, *chosen])

    def _tongue(self, group: Group) -> Tongue:
        theme = next((theme for word, theme in SUBJECTS if word in group.name), themes.STORE)
        return self._tongues.setdefault(group.chat_id, Tongue(theme, self._dice))

    def operator_posts(self) -> None:
        group = self._group()
        tongue = self._tongue(group)
        text = tongue.say(tongue.theme.notices)
        talk.speak(self._company, by=group.owner, chat_id=group.chat_id, text=text)

    def join(self) -> None:
        group = self._group()
        if self._company.groups.size(group) < self._company.settings.group_capacity:
            members.join_group(self._company, chat_id=group.chat_id)

    def leave(self) -> None:
        group = self._group()
        person = self._outsider(group)
        if person != group.owner:
            members.leave_group(self._company, chat_id=group.chat_id, person=person)

    def add(self) -> None:
        staff = self._dice.pick(self._company.directory.with_contact())
        contacts.add_contact(self._company, userid=staff.userid, state=self._dice.pick(("poster-1", "poster-2", "")))

    def drop(self) -> None:
        """A customer has had enough of a colleague."""
        staff = self._dice.pick(self._company.directory.with_contact()).userid
        there = [follow.external_userid for _, follow in islice(self._company.customers.of_staff(staff), 50)]
        if there:
            contacts.drop_contact(self._company, userid=staff, external_userid=self._dice.pick(there))

    def write(self) -> None:
        """A customer writes to their colleague, who sometimes has answered by now."""
        staff = self._dice.pick(self._company.directory.with_contact()).userid
        there = [follow.external_userid for _, follow in islice(self._company.customers.of_staff(staff), 50)]
        if not there:
            return
        person = self._dice.pick(there)
        tongue = self._tongues.setdefault(staff, Tongue(themes.STORE, self._dice))
        question, *answers = tongue.next_exchange(themes.STORE.questions)
        bound: Bound = {}
        talk.speak(self._company, by=person, to=staff, text=tongue.fill(question, bound))
        if answers and self._dice.chance(0.6):
            talk.speak(self._company, by=staff, to=person, text=tongue.fill(self._dice.pick(answers), bound))


ACTS: tuple[tuple[str, tuple[float, Callable[[Play], None]]], ...] = (
    ("talk", (70, Play.talk)),
    ("operator_posts", (3, Play.operator_posts)),
    ("join", (8, Play.join)),
    ("leave", (4, Play.leave)),
    ("add", (5, Play.add)),
    ("write", (8, Play.write)),
    ("drop", (1, Play.drop)),
)


@deed("play")
def play(company: Company, *, acts: int = 1, seconds: float = 0.0) -> dict[str, Any]:
    """So many acts: at once, or spread evenly over the coming seconds of the company's clock."""
    if not 0 < acts <= 100_000 or seconds < 0:
        raise NoSense("acts is a number from 1 to 100000, seconds not below 0")
    players = company.part(Play)
    if not seconds:
        done = [players.act() for _ in range(acts)]
        return {"done": {name: done.count(name) for name in sorted(set(done))}}
    for number in range(acts):
        company.agenda.after(seconds * (number + 1) / acts, players.act)
    return {"planned": acts}
