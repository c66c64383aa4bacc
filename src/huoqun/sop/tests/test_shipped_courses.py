"""What ships is played through its whole course on the clock, in Chinese in one group and in English in another: where people
answer and do what they are given, and, where that makes a difference, where nobody does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Min

from huoqun.community.models import Group, Person, Tag
from huoqun.inbox.operations import announce, store
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership.models import State as TodoState
from huoqun.ownership.models import Todo
from huoqun.ownership.operations import do, show
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.launching import launch
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.playbooks.shipped import LANGUAGES, shipped
from huoqun.sop.rules.states import OPEN, SETTLED, LineState, RunState, Why
from huoqun.sop.starts import Around, Born, ByHand, Joined, Turned
from huoqun.sop.steps import Branch, End, Message, Notice, Post, Step, Topic
from huoqun.vocabulary.events import GroupCreated
from huoqun.vocabulary.facts import GroupTurned
from huoqun.vocabulary.ids import GroupKey

from .conftest import ACCOUNT, START, Life

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [book.name for book in shipped("zh")]
FORKED = ("complaint", "farewell", "flash-sale", "merge", "newcomer-week", "revival", "step-back")
"""They go another way where nobody does anything, or have a deadline all the same."""
ROOM = {"zh": "r1", "en": "r2"}
SAYING = (Post, Topic, Notice, Message)
MOST = timedelta(days=100)
ANSWERS = {"固定时间": "周三晚上八点", "fixed time": "Wednesday at eight"}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"  # fmt: skip  # noqa: E501


def book_of(name: str, language: str) -> Playbook:
    return next(book for book in shipped(language) if book.name == name)


class Course:
    """Two groups the playbook is for, and people in them who are lively or are not."""

    def __init__(self, life: Life, name: str, *, lively: bool) -> None:
        self.life, self.lively, self.said = life, lively, dict[str, int]()
        self.books = {language: book_of(name, language) for language in LANGUAGES}
        for language, book in self.books.items():
            self._enrol(language, book)
            self._put(language, book)

    def group(self, language: str) -> Group:
        return Group.objects.get(native_id=ROOM[language])

    def _enrol(self, language: str, book: Playbook) -> None:
        """Two of the group have signed up where the playbook speaks to those who did."""
        tags = {tag for step in book.steps if isinstance(step, Message) for tag in step.tags}
        for name in sorted(tags):
            tag, _new = Tag.objects.get_or_create(community=self.life.home, name=name)
            for person in Person.objects.filter(identities__memberships__group=self.group(language)).order_by("pk")[:2]:
                person.tags.add(tag)

    def _put(self, language: str, book: Playbook) -> None:
        group, audience = self.group(language), book.audience
        for field, values in (("connects", audience.connects), ("lifecycle", audience.lifecycles), ("stage", audience.stages),
                              ("state", audience.states)):  # fmt: skip
            if values:
                setattr(group, field, values[0])
        group.save()
        about_a_moment = isinstance(book.starts[0], Around)
        put = launch(
            keep(book, self.life.home, by=self.life.lin, now=START), self.life.home, by=self.life.lin, now=START,
            event_at=START + timedelta(days=3, hours=11) if about_a_moment else None, only_groups=[group.key],
            answers={name: ANSWERS.get(name, "阳台番茄苗") for name in book.asks},
        )  # fmt: skip
        self._begin(put, book, group)

    def _begin(self, put: Launch, book: Playbook, group: Group) -> None:
        now, (start, *_more) = self.life.now, book.starts
        match start:
            case ByHand():
                begin(put, [Begin(group.pk, now, "hand/1")], now=now)
            case Joined():
                self.life.world.join(group.native_id, f"new-{group.native_id}", at=self.life.milliseconds(), name="小满")
            case Born():
                store([GroupCreated(account=ACCOUNT, group_id=group.native_id, at=now, source_id=f"born/{group.pk}")], now=now)
            case Turned():
                told = GroupTurned(community="balcony", at=now, group=GroupKey(group.key), state=start.to[0], before="steady",
                                   since=None, as_of=now.date())  # fmt: skip
                announce([told], now=now)

    # Time goes by

    def through(self) -> None:
        """From one moment at which something is due to the next, until every first run is over."""
        self._turn()
        while not self._over():
            assert self.life.now < START + MOST, list(Line.objects.exclude(state__in=SETTLED).values_list("step", "state"))
            self.life.now = max(self.life.now + timedelta(minutes=1), min(self._moments()))
            self._turn()

    def _turn(self) -> None:
        self.life.work()
        self._people()
        self.life.work()

    def _over(self) -> bool:
        first = [run for language in LANGUAGES if (run := self.run(language))]
        return len(first) == len(LANGUAGES) and not any(run.state in OPEN for run in first)

    def run(self, language: str) -> Run | None:
        return Run.objects.filter(group=self.group(language)).order_by("anchor", "pk").first()

    def _moments(self) -> Iterator[datetime]:
        """What is next: a run to be looked at, something to send, a to-do, the end of a line's time."""
        now = self.life.now
        yield now + timedelta(days=1)
        for rows, field in (
            (Run.objects.filter(state=RunState.GOING), "next_at"),
            (Request.objects.filter(state=RequestState.WAITING), "not_before"),
            (Todo.objects.filter(state=TodoState.OPEN), "due_at"),
            (Todo.objects.filter(state=TodoState.OPEN), "expires_at"),
            (Line.objects.exclude(state__in=SETTLED), "at"),
            (Line.objects.exclude(state__in=SETTLED), "latest"),
        ):
            found = rows.filter(**{f"{field}__gt": now}).aggregate(at=Min(field))["at"]
            if found is not None:
                yield found

    def _people(self) -> None:
        """Where it is lively every to-do is done and what was said gets an answer. Somebody always says yes to begin."""
        for todo in Todo.objects.filter(state=TodoState.OPEN):
            if todo.key.startswith("sop/yes/") or (self.lively and self._is_time(todo)):
                self._do(todo)
        if self.lively:
            for language, room in ROOM.items():
                self._answer(language, room)

    def _is_time(self, todo: Todo) -> bool:
        line = next((line for line in Line.objects.filter(run__group=todo.group) if line.request_key == todo.key), None)
        return line is None or line.at <= self.life.now

    def _do(self, todo: Todo) -> None:
        by, now = self.life.lin, self.life.now
        if getattr(todo, "wants", "") == "picture":
            assert show(todo, picture=SimpleUploadedFile("poster.png", BytesIO(PNG).getvalue(), "image/png"), by=by, now=now)
        else:
            assert do(todo, by=by, now=now)

    def _answer(self, language: str, room: str) -> None:
        said = len(self.life.said(room)) + Line.objects.filter(run__group=self.group(language), kind="wait").count()
        if said > self.said.get(room, 0):
            who = f"new-{room}" if self.books[language].audience.about == "members" else f"p{1 if room == 'r1' else 5}"
            self.life.world.say(room, who, "好的", at=self.life.milliseconds())
        self.said[room] = said


def walked(book: Playbook, lines: dict[str, Line]) -> Iterator[tuple[Step, Line]]:
    """The steps on the way the run took, each with its line. Fails where one has none."""
    place, places = 0, {step.key: number for number, step in enumerate(book.steps)}
    while place < len(book.steps):
        step = book.steps[place]
        assert step.key in lines, f"{book.name}: nothing is known of {step.key}"
        line = lines[step.key]
        yield step, line
        if isinstance(step, End) or (getattr(step, "otherwise", "") == "end" and line.way == "limit"):
            return
        to = (step.yes if line.way == "yes" else step.no) if isinstance(step, Branch) else ""
        place = places[to] if to else place + 1


@pytest.mark.method("C05", "E05", "E09", "F24", "G01", "G05", "G08")
@pytest.mark.parametrize(("name", "lively"), [*((name, True) for name in NAMES), *((name, False) for name in FORKED)])
def test_it_comes_to_its_end_with_every_step_done_or_left_out_for_a_reason(life: Life, name: str, lively: bool) -> None:
    course = Course(life, name, lively=lively)
    course.through()
    for language, book in course.books.items():
        run = course.run(language)
        assert run is not None
        lines = {line.step: line for line in run.lines.all()}
        way = list(walked(book, lines))
        assert len(way) == len(lines), f"{name}: lines nobody came by"
        for step, line in way:
            assert line.state in {LineState.DONE, LineState.SKIPPED}, (language, step.key, line.state, line.reason)
            assert line.state == LineState.DONE or line.reason, (language, step.key)
            if isinstance(step, SAYING) and line.state == LineState.DONE:
                assert line.text, (language, step.key)
                assert "{{" not in line.text, (language, line.text)
                assert "[[" not in line.text, (language, line.text)
        left_out = {step.key: line.reason for step, line in way if line.state == LineState.SKIPPED}
        if lively:
            assert not left_out, (language, left_out)
        else:
            assert set(left_out.values()) <= {Why.TOO_LATE, Why.NOT_SAID}, (language, left_out)
            assert not any(isinstance(book.step(key), Post | Topic) for key in left_out), "what is said needs nobody"
        assert {text for room, text in life.said(ROOM[language])} <= {
            text for line in Line.objects.filter(run__group=run.group) for text in line.text.split("\0")
        }


@pytest.mark.method("C05", "G08", "L08")
@pytest.mark.parametrize("lively", [True, False])
def test_a_flash_group_is_over_four_hours_after_people_were_pulled_in_whatever_they_do(life: Life, lively: bool) -> None:
    Course(life, "flash-sale", lively=lively).through()
    for run in Run.objects.all():
        first, over = run.lines.get(step="pull-in"), run.lines.get(step="over")
        assert over.settled_at is not None
        assert over.settled_at - first.at <= timedelta(hours=4)
