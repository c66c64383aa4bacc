"""Randomised lives of playbooks: from the first launch to the point where nothing is left to do.

    verdicts.live(seed) -> Verdict

Random playbooks run through the real planner, log, outbox, to-dos and the pretended carrier, two workers take turns, people
come, talk, leave, tap and change their minds, the carrier refuses and breaks off, the clock is set, and the process dies at any
statement or commit. Afterwards `verdicts` compares what was promised with what really happened. The same seed is the same life.
Needs a database of its own, and no transaction around it: connections are cut.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from huoqun.carriers.registry import NEWS, Fault, Kind
from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.console.models import Role, Staff
from huoqun.content.models import Way
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.sop.errors import NotOpen
from huoqun.sop.tests.lived import ACCOUNT, PEOPLE
from huoqun.sop.tests.resting import WithRest, first_of
from huoqun.sop.tests.tables import empty, forget
from huoqun.sop.tests.worker import Worker
from huoqun.vocabulary.ids import group_key, person_key

STEPS = 28

DEATHS_IN = 60
"""A doomed act dies at one of its first so many statements."""


class Life(WithRest):
    def live(self) -> None:
        self.settle()
        for _ in range(self.chance.randint(1, 3)):
            self.put_to_work()
        rush_at = self.chance.randrange(STEPS) if self.may_rush else None
        for number in range(STEPS):
            self.survived(self.rush if number == rush_at else self.step)
        self.come_to_rest()

    def settle(self) -> None:
        empty()
        self.home, _ = Community.objects.get_or_create(slug="balcony", defaults={"name": "阳台种菜", "created_at": self.born})
        Community.objects.filter(pk=self.home.pk).update(zone=self.zone.key)
        self.home.refresh_from_db()
        self.lin, _ = Staff.objects.get_or_create(username="lin", defaults={"name": "林晓", "role": Role.LEAD})
        for number in range(1, 4):
            self._room(number)
        self.workers = [self._worker(), self._worker()]

    def _room(self, number: int) -> None:
        group = Group.objects.create(
            community=self.home, key=group_key(ACCOUNT, f"r{number}"), carrier="pretend", native_id=f"r{number}",
            name=f"番茄{number}群", operator=self.lin if self.chance.random() < 0.9 else None, state="steady",
        )  # fmt: skip
        Way.objects.create(group_key=group.key, community="balcony", carrier="pretend", account="play", heard_at=self.born)
        self._members(group, [f"p{who}" for who in range((number - 1) * PEOPLE + 1, number * PEOPLE + 1)])
        group.admins.add(Identity.objects.get(native_id=self.helper_of(group.native_id)))

    @staticmethod
    def helper_of(room: str) -> str:
        """Who helps the owner there."""
        return f"p{(int(room[1:]) - 1) * PEOPLE + 1}"

    def _members(self, group: Group, natives: Sequence[str]) -> None:
        for native in natives:
            self.spoke[native] = self.chance.choice((None, self.born - timedelta(days=9)))
            self.members.add((group.native_id, native))
        people = Person.objects.bulk_create(
            Person(
                community=self.home, name=f"群友{native}", last_spoke_at=self.spoke[native],
                messages=2 if self.spoke[native] else 0,
            )
            for native in natives
        )  # fmt: skip
        identities = Identity.objects.bulk_create(
            Identity(
                person=person, community=self.home, key=person_key(ACCOUNT, native), carrier="pretend", native_id=native,
                name=person.name,
            )
            for person, native in zip(people, natives, strict=True)
        )  # fmt: skip
        joined_at = self.born - timedelta(days=20)
        Membership.objects.bulk_create(Membership(group=group, identity=each, joined_at=joined_at) for each in identities)

    def _worker(self) -> Worker:
        return Worker(self)

    def survived(self, act: Callable[[], None]) -> None:
        """The process may die of it: then two new workers start."""
        if self.chance.random() < 0.2:
            self.fate.comes_after(self.chance.randrange(DEATHS_IN), before=self.chance.random() < 0.5)
        try:
            act()
        except NotOpen:
            self.verdict.happened["came too late"] += 1
        except BaseException:
            # Django's own tidying up meets the closed connection first and says so in its own words.
            if not self.fate.dead:
                raise
            self.verdict.happened["deaths"] += 1
            self.fate.is_off()
            forget()
            self.workers = [self._worker(), self._worker()]
        self.fate.is_off()
        self._go_on_dragging()
        self._note()

    def step(self) -> None:
        act = self.chance.choices(
            (
                self.work,
                self.time_passes,
                self.people_do_something,
                self.somebody_decides,
                self.trouble,
                self.clock_is_set if self.may_jump else self.work,
                self.put_to_work,
                self.die_while_sending,
            ),
            (12, 8, 9, 6, 3, 2, 1, 2),
        )[0]
        self.verdict.happened[act.__name__] += act is not self.put_to_work
        act()

    def work(self) -> None:
        self.chance.choice(self.workers).turn()

    def die_while_sending(self) -> None:
        """What is in hand then is in dead hands."""
        due = first_of(Request.objects.filter(state=RequestState.WAITING), "next_try_at")
        if due is None or due - self.now > timedelta(days=1):
            return
        self.goes_on(max(due - self.now, timedelta(0)) + timedelta(seconds=1))
        self.fate.comes_after(self.chance.randrange(8, 40), before=self.chance.random() < 0.5)
        self.chance.choice(self.workers).send()

    def time_passes(self) -> None:
        self.goes_on(timedelta(seconds=self.chance.uniform(0, self.chance.choice((60, 1800, 7200, 40_000)))))

    def clock_is_set(self) -> None:
        self.jumped = True
        self.now += timedelta(seconds=self.chance.uniform(-5400, 5400))

    def trouble(self) -> None:
        kind = self.chance.choice(
            (Kind.OUTAGE, Kind.CUT_BEFORE, Kind.CUT_AFTER, Kind.CUT_HALFWAY, Kind.FORBIDDEN, Kind.TOO_FAST, Kind.SLOW)
        )
        news = self.chance.choice((Kind.OUTAGE, Kind.TWICE, Kind.MIXED_UP))
        fault = Fault(kind=kind, times=self.chance.randint(1, 3), seconds=self.chance.choice((5.0, 40.0)))
        self.world.plan(self.chance.choice((fault, fault, Fault(kind=news, method=NEWS))))
