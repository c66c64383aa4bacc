"""People come and go, talk, and do what they were given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from huoqun.community.models import Group
from huoqun.inbox.operations import announce, store
from huoqun.ownership import operations as todos
from huoqun.ownership.errors import NotEvidence
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.rules.states import OPEN, LineState, RunState
from huoqun.sop.tests.lived import ACCOUNT, Lived, Process
from huoqun.vocabulary.events import GroupCreated
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import GroupKey

SPEAKS, PEOPLE = 3, 4

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


class WithPeople(Lived):
    def people_do_something(self) -> None:
        act = self.chance.choices(
            (
                self.join,
                self.leave,
                self.say,
                self.say_what_is_waited_for,
                self.tap,
                self.group_is_born,
                self.group_turns,
            ),
            (5, 5, 3, 5, 5, 1, 1),
        )[0]
        self.verdict.happened[act.__name__] += 1
        act()

    def join(self) -> None:
        room = f"r{self.chance.randint(1, 3)}"
        back = [who for there, who in self.gone if there == room]
        again = bool(back) and self.chance.random() < 0.4
        self.verdict.happened["came back"] += again
        self._comes(room, self.chance.choice(back) if again else self._newcomer(), self._for_newcomers())

    def rush(self) -> None:
        """A live code is read by dozens at once."""
        room, launches = f"r{self.chance.randint(1, 3)}", self._for_newcomers()
        number = self.chance.randint(40, 80)
        for _ in range(number):
            self._comes(room, self._newcomer(), launches)
        self.verdict.happened["rush"] += 1
        self.verdict.happened["came in a rush"] += number

    def _newcomer(self) -> str:
        self.born_people += 1
        return f"n{self.born_people}"

    def _comes(self, room: str, who: str, launches: list[int]) -> None:
        self.world.join(room, who, at=self.milliseconds(), name=f"新人{who}")
        self.members.add((room, who))
        if (room, who) in self.unheard_leaves:
            self.unheard_leaves.remove((room, who))
        self.came.setdefault((room, who), []).append(self.now)
        if (since := self.gone.pop((room, who), None)) is not None:
            self.known.append((room, who, since, self.deeds()))
            self.away.append((room, who, self.gone_at.pop((room, who)), self.deeds()))
        if (left := self.left_at.get((room, who))) is None or left < self.now:
            self.joined += [(launch, room, who) for launch in launches]

    def _for_newcomers(self) -> list[int]:
        there = Launch.objects.filter(pk__in=self.untouched).select_related("version")
        return [each.pk for each in there if any(start.__struct_config__.tag == "joined" for start in each.version.book.starts)]

    def leave(self) -> None:
        """Most often somebody to whom something is still to be said."""
        expecting = set(EXPECTING.values_list("run__group__native_id", "run__member__native_id"))
        expecting |= set(MEANT.values_list("group__native_id", "member__native_id"))
        expecting &= self.members
        expected = bool(expecting) and self.chance.random() < 0.8
        self.verdict.happened["left while something was meant for them"] += expected
        room, who = self.chance.choice(sorted(expecting if expected else self.members))
        self.world.leave(room, who, at=self.milliseconds())
        self.members.discard((room, who))
        self.left_at[room, who] = self.now
        # Where the clock was set back in between, they left before they came: then they are there.
        if all(came < self.now for came in self.came.get((room, who), ())):
            self.unheard_leaves.append((room, who))

    def say(self) -> None:
        for _ in range(self.chance.randint(1, SPEAKS)):
            self._says(*self.chance.choice(sorted(self.members)))

    def say_what_is_waited_for(self) -> None:
        """Somebody from whom words are waited for, or soon will be. Often nobody looks until it would be too late, or the words
        are in the log by then and were not passed on, or the wait is written down after they came.
        """
        books = Version.objects.filter(runs__state__in=OPEN).distinct()
        waiting = [book.pk for book in books if any(step.get("fact") == "spoke" for step in book.plain["steps"])]
        runs = list(GOING.filter(version__in=waiting).values_list("group__native_id", "member__native_id", "pk"))
        here = [(room, who) for room, who, _run in runs if (room, who) in self.members]
        rooms = {room for room, who, _run in runs if who is None}
        here += sorted(place for place in self.members if place[0] in rooms)
        if not here:
            return
        worker, heard = self.chance.choice(self.workers), self.chance.randrange(3)
        if self._is_in_the_log_when_it_is_over(waiting, worker):
            return
        self._nobody_looks()
        self._says(*self.chance.choice(here))
        if heard:
            worker.receive()
        if heard == 2:
            worker.listen()
        self._nobody_looks()
        worker.plan()

    def _is_in_the_log_when_it_is_over(self, versions: Collection[int], worker: Process) -> bool:
        """Said and stored in time, and nobody was told before the wait was over."""
        spoke = WAITING.filter(run__version__in=versions, at__lte=self.now, latest__gt=self.now)
        lines = list(spoke.values_list("run__group__native_id", "run__member__native_id", "latest"))
        here = [(room, who, latest) for room, who, latest in lines if (room, who) in self.members or who is None]
        if not here or self.chance.random() < 0.3:
            return False
        room, who, latest = self.chance.choice(here)
        there = sorted(each for each in self.members if each == (room, who) or (who is None and each[0] == room))
        if there:
            self._says(*self.chance.choice(there))
            worker.receive()
            self.goes_on(latest - self.now + timedelta(minutes=1))
            worker.plan()
        return bool(there)

    def _nobody_looks(self) -> None:
        if self.chance.random() < 0.6:
            self.goes_on(timedelta(hours=self.chance.choice((1, 6, 24))))

    def _says(self, room: str, who: str) -> None:
        self.world.say(room, who, "说一句", at=self.milliseconds())
        # The carrier's own clock counts milliseconds.
        said_at = datetime.fromtimestamp(self.milliseconds() / 1000, UTC)
        self.unheard_words.append((room, who, said_at))

    def tap(self) -> None:
        for todo in Todo.objects.filter(state=TodoState.OPEN).order_by("pk"):
            if self.chance.random() < 0.4:
                self._does(todo)

    def _does(self, todo: Todo) -> None:
        """Where something has to be shown, some only say so, and some show what is none."""
        if not todo.wants:
            todos.do(todo, by=self.lin, now=self.now)
            return
        how = self.chance.choice(("says", "shows nothing", "shows", "shows", "shows"))
        self.verdict.happened[f"evidence: {how}"] += 1
        if how == "says" and todos.do(todo, by=self.lin, now=self.now):
            self.complain(f"{todo.key} was done, and nobody had shown anything")
        elif how == "shows nothing":
            self._shows_nothing(todo)
        elif how == "shows":
            self.offered.add(todo.key)
            said = {"link": "https://example.com/1", "number": "12", "note": "都回了"}.get(todo.wants, "")
            picture = None if said else SimpleUploadedFile("a.png", PNG)
            todos.show(todo, said=said, picture=picture, by=self.lin, now=self.now)

    def _shows_nothing(self, todo: Todo) -> None:
        try:
            todos.show(todo, said=".", by=self.lin, now=self.now)
        except NotEvidence:
            return
        self.complain(f"{todo.key} took a dot for {todo.wants}")

    def group_is_born(self) -> None:
        event = GroupCreated(
            account=ACCOUNT,
            source_id=f"born-{self.born_groups}",
            at=self.now,
            group_id=f"r{self.chance.randint(1, 3)}",
            group_name="新群",
        )
        self.born_groups += 1
        store([event], now=self.now)

    def group_turns(self) -> None:
        group = Group.objects.get(native_id=f"r{self.chance.randint(1, 3)}")
        fact = GroupTurned(
            community="balcony", at=self.now, group=GroupKey(group.key), state="declining", before="steady", since=None,
            as_of=self.now.date(),
        )  # fmt: skip
        announce([fact], now=self.now)


WAITING = Line.objects.filter(kind="wait", state=LineState.WAITING, run__state=RunState.GOING).order_by("pk")

GOING = Run.objects.filter(state=RunState.GOING).order_by("pk")

MEANT = Run.objects.filter(state__in=OPEN, member__isnull=False)

EXPECTING = Line.objects.filter(kind="message", state=LineState.PLANNED)
