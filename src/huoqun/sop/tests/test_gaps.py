"""What becomes of runs when their playbook is edited, rests, speaks to roles, asks for evidence, or forks on what is known."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huoqun.community.models import Contact, Group, Identity, Membership, Person, Tag
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.history.rows import rows_of
from huoqun.history.store import open_store
from huoqun.outbox.models import Request
from huoqun.ownership import operations as todos
from huoqun.ownership.errors import NotEvidence
from huoqun.ownership.models import Contact as Reached
from huoqun.ownership.models import Evidence, State, Todo
from huoqun.ownership.operations.showing import place
from huoqun.sop import whom
from huoqun.sop.errors import CannotLaunch, StillAtWork
from huoqun.sop.models import Line, Run, Version
from huoqun.sop.operations import changing, deciding, keeping, launching, moving, trials
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.operations.keeping import keep
from huoqun.sop.operations.moving import UnderWay
from huoqun.sop.playbooks.reading import read
from huoqun.sop.rules.states import LineState, RunState, Why
from huoqun.sop.underway import under_way
from huoqun.vocabulary.events import MessageKind, MessagePosted, OrderPaid
from huoqun.vocabulary.events import Person as Who
from huoqun.vocabulary.ids import person_key

from .conftest import ACCOUNT, START, Life

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def head(name: str, about: str = "groups", start: str = "{when: hand}") -> str:
    return f"name: {name}\ntitle: {name}\naudience: {{about: {about}}}\nstarts: [{start}]\nsteps:\n"


def kept(life: Life, text: str) -> Version:
    return keep(read(text), life.home, by=life.lin, now=life.now)


def hand(life: Life, text: str, *rooms: str) -> dict[str, Run]:
    """Put to work and begun by hand in these rooms."""
    put = life.put_to_work(text)
    groups = {room: Group.objects.get(native_id=room) for room in rooms or ("r1",)}
    begin(put, [Begin(group, life.now, f"hand/{room}") for room, group in groups.items()], now=life.now)
    life.work()
    return {room: Run.objects.get(launch=put, group=group) for room, group in groups.items()}


# Another version

MORNING = (
    head("m", start='{when: every, rule: FREQ=DAILY, time: "09:30"}')
    + """\
  - {do: post, key: one, at: {offset: 0m, spread: 0m}, words: {text: 一}}
  - {do: todo, key: gone, at: {offset: 10m, spread: 0m}, task: 要收回的, within: 5h}
  - {do: post, key: two, at: {offset: 3h, spread: 0m}, words: {text: 二}}
"""
)
NEWER = MORNING.replace("text: 二", "text: 新二").replace(
    "  - {do: todo, key: gone, at: {offset: 10m, spread: 0m}, task: 要收回的, within: 5h}\n", ""
)


@pytest.mark.method("G01")
@pytest.mark.parametrize(
    ("choice", "said", "versions"),
    [(UnderWay.STAY, ["一", "二"], {1}), (UnderWay.MOVE, ["一", "新二"], {2}), (UnderWay.ANEW, ["一", "一", "新二"], {1, 2})],
)
def test_what_is_under_way_does_as_was_chosen(life: Life, choice: UnderWay, said: list[str], versions: set[int]) -> None:
    put = life.put_to_work(MORNING)
    life.until(START + HOUR)
    later = kept(life, NEWER)
    figures = under_way(put, later)
    today = Run.objects.filter(anchor__lt=life.now)
    assert (figures.runs, figures.said, figures.dropped) == (6, 3, 6), "today's and tomorrow's runs in three groups"
    assert moving.choose(put, later, choice, by=life.lin, now=life.now) == (0 if choice == UnderWay.STAY else 6)
    assert moving.choose(put, later, choice, by=life.lin, now=life.now) == 0, "done again nothing changes"
    life.until(START + 5 * HOUR)
    assert [text for room, text in life.said("r1")] == said
    assert set(today.values_list("version__number", flat=True)) == versions
    if choice == UnderWay.ANEW:
        old, new = today.filter(group__native_id="r1").order_by("pk")
        assert (old.state, old.reason, new.anchor) == (RunState.STOPPED, Why.ANEW, old.anchor)
        assert old.lines.get(step="two").reason == Why.ANEW
    if choice == UnderWay.MOVE:
        assert set(today.values_list("lines__reason", flat=True)) >= {Why.REPLACED}
        assert set(Todo.objects.filter(title="要收回的").values_list("state", flat=True)) == {State.CANCELLED}


def test_a_paused_run_that_begins_anew_stays_paused(life: Life) -> None:
    run = hand(life, MORNING.replace('{when: every, rule: FREQ=DAILY, time: "09:30"}', "{when: hand}"))["r1"]
    changing.pause(run, by=life.lin, now=life.now)
    life.until(START + HOUR)
    moving.begin_anew(run.launch, kept(life, NEWER.replace("{when: every, rule: FREQ=DAILY, time: \"09:30\"}", "{when: hand}")),
                      by=life.lin, now=life.now)  # fmt: skip
    again = Run.objects.exclude(pk=run.pk).get()
    assert (again.state, again.anchor, again.key) == (RunState.PAUSED, life.now, "anew/2/hand/r1"), "from now on, by hand"


def test_an_archived_playbook_is_not_put_to_work_and_one_at_work_is_not_archived(life: Life) -> None:
    put = life.put_to_work(MORNING)
    book = put.version.playbook
    with pytest.raises(StillAtWork) as still:
        keeping.archive(book, now=life.now)
    assert still.value.launches == 1
    launching.end(put, by=life.lin, now=life.now)
    keeping.archive(book, now=life.now)
    with pytest.raises(CannotLaunch):
        launching.launch(put.version, life.home, by=life.lin, now=life.now)
    keeping.unarchive(book)
    assert launching.launch(put.version, life.home, by=life.lin, now=life.now).pk


# A pause

WEEK = (
    head("week", "members", "{when: joined}")
    + """\
  - {do: message, key: hello, at: {after: 10m, spread: 0m}, expires: 2h, words: {text: 欢迎}}
  - {do: message, key: day-one, at: {offset: 24h, spread: 0m}, expires: 6h, words: {text: 第一天}}
"""
)


@pytest.mark.method("E05")
def test_who_comes_in_during_a_pause_begins_afterwards_and_misses_only_what_is_too_late(life: Life) -> None:
    put = life.put_to_work(WEEK)
    launching.pause(put, by=life.lin, now=life.now)
    life.world.join("r1", "new1", at=life.milliseconds(), name="小满")
    life.until(START + 5 * HOUR)
    assert Run.objects.get().lines.count() == 0, "nothing of it is planned while it rests"
    launching.resume(put, by=life.lin, now=life.now)
    life.until(START + 26 * HOUR)
    found = {line.step: (line.state, line.reason) for line in Line.objects.all()}
    assert found == {"hello": (LineState.SKIPPED, Why.TOO_LATE), "day-one": (LineState.DONE, "")}


def test_a_launch_that_waits_for_its_draw_lets_nobody_begin(life: Life) -> None:
    trials.prepare(kept(life, WEEK), life.home, by=life.lin, now=life.now)
    life.world.join("r1", "new1", at=life.milliseconds(), name="小满")
    life.work()
    assert not Run.objects.exists()


def test_a_group_that_turned_during_a_pause_is_asked_about_afterwards(life: Life) -> None:
    put = life.put_to_work(head("re", start="{when: turned, to: [declining]}") + "  - {do: todo, key: a, task: 看看}\n")
    launching.pause(put, by=life.lin, now=life.now)
    Group.objects.filter(native_id="r2").update(state="declining", state_since=START.date())
    Group.objects.filter(native_id="r3").update(state="declining", state_since=START.date() - DAY)
    life.until(START + HOUR)
    launching.resume(put, by=life.lin, now=life.now)
    assert [(run.group.native_id, run.state) for run in Run.objects.all()] == [("r2", RunState.ASKED)]
    assert Todo.objects.filter(key=f"sop/yes/{Run.objects.get().pk}").exists()


# Messages for a role


def role(to: str, more: str = "") -> str:
    words = "words: {text: '{{昵称}}，{{群名}}需要你'}"
    return head("role") + f"  - {{do: message, key: tell, to: {to}, at: {{spread: 0m}}, expires: 2h, {more}{words}}}\n"


def members(room: str) -> list[Identity]:
    return list(Identity.objects.filter(memberships__group__native_id=room).order_by("pk"))


@pytest.mark.method("G05")
def test_exactly_those_who_are_meant_get_it_each_by_name(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three, four = members("r1")
    Membership.objects.update(joined_at=START - 30 * DAY)
    Membership.objects.filter(identity=one).update(joined_at=START - DAY)
    Person.objects.filter(identities=two).update(last_spoke_at=START - 20 * DAY)
    Person.objects.filter(identities=three).update(last_spoke_at=START - DAY)
    Person.objects.filter(identities=four).update(house="helper")
    Person.objects.get(identities=two).tags.add(Tag.objects.create(community=life.home, name="报名"))
    Contact.objects.create(community=life.home, staff=four, identity=three, tags=["报名"])
    group = Group.objects.get(native_id="r1")
    group.owner = three
    group.save()
    group.admins.add(one)
    monkeypatch.setattr(whom, "_key_people", [lambda groups: [(group.pk, three.pk), (group.pk, four.pk)]])
    expected = {
        "owner": [three], "moderators": [four, one], "newcomers": [one], "silent": [two], "enrolled": [two, three],
        "key_people": [three],
    }  # fmt: skip
    for to, people in expected.items():
        text = role(to, "tags: [报名], " if to == "enrolled" else "")
        step = read(text).steps[0]
        meant = whom.meant(step, [group], now=life.now)[group.pk]  # type: ignore[arg-type]
        assert {person.identity for person in meant} == {person.pk for person in people}, to


def test_a_line_for_many_is_done_when_nothing_is_open_any_more(life: Life) -> None:
    Membership.objects.filter(group__native_id="r2").update(joined_at=START - DAY)
    run = hand(life, role("newcomers", "most: 3, "), "r2")["r2"]
    line = run.lines.get()
    asked = Request.objects.filter(key__startswith=f"{line.request_key}/to/")
    assert (len(line.to), asked.count(), line.reason) == (3, 3, f"{Why.MOST}: 3/4")
    life.until(START + HOUR)
    line.refresh_from_db()
    run.refresh_from_db()
    assert (line.state, run.state) == (LineState.DONE, RunState.DONE)
    told = [deed for deed in life.world.deeds() if deed.method == "whisper"]
    assert len(told) == 3
    again = hand(life, role("newcomers", "most: 3, ").replace("name: role", "name: other"), "r2")["r2"]
    assert len(again.lines.get().to) == 3, "another playbook is another matter"


def test_nobody_is_told_twice_by_one_step_and_nobody_at_all_is_a_reason(life: Life) -> None:
    for room in ("r1", "r2"):
        for identity in members("r1"):
            Membership.objects.update_or_create(
                group=Group.objects.get(native_id=room), identity=identity, defaults={"joined_at": START - DAY}
            )
    runs = hand(life, role("newcomers"), "r1", "r2", "r3")
    told = [line.to for line in Line.objects.filter(run__in=[runs["r1"], runs["r2"]]).order_by("run")]
    everybody = [identity for to in told for identity in to]
    assert sorted(everybody) == sorted(set(everybody)), "in many groups, told once"
    nobody = runs["r3"].lines.get()
    assert (nobody.state, nobody.reason, nobody.to) == (LineState.SKIPPED, Why.NOBODY, [])


def test_the_operator_is_told_where_they_can_be_reached(life: Life) -> None:
    run = hand(life, role("operator"))["r1"]
    assert run.lines.get().reason == Why.NOBODY, "nobody knows how to write to Mo"
    mo = Group.objects.get(native_id="r1").operator
    assert mo is not None
    Reached.objects.create(community=life.home, staff=mo, carrier="pretend", account="play", native_id="mo")
    line = hand(life, role("operator").replace("name: role", "name: again"))["r1"].lines.get()
    request = Request.objects.get(key=line.request_to(0))
    assert (request.action, request.target) == ("MessageStaff", "staff/mo")
    assert line.text == "莫，番茄1群需要你"


def test_a_to_do_goes_to_whom_it_names(life: Life) -> None:
    owner, helper = members("r1")[:2]
    group = Group.objects.get(native_id="r1")
    group.owner = owner
    group.save()
    group.admins.add(helper)
    hui = Staff.objects.create(username="hui", name="慧", role=Role.OPERATOR)
    communities.seat(hui, life.home)
    for staff, identity in ((life.lin, owner), (hui, helper)):
        Reached.objects.create(
            community=life.home, staff=staff, carrier="pretend", account="play", native_id=identity.native_id
        )
    steps = "".join(
        f"  - {{do: todo, key: {owner}, owner: {owner}, task: {owner}, at: {{spread: 0m}}}}\n"
        for owner in ("operator", "owner", "helper", "lead")
    )
    hand(life, head("named") + steps)
    found = dict(Todo.objects.values_list("title", "assigned__username"))
    assert found == {"operator": "mo", "owner": "lin", "helper": "hui", "lead": None}


@pytest.mark.method("F21", "F24")
def test_each_operator_speaks_in_their_own_voice(life: Life) -> None:
    text = head("voice").replace("steps:", "personas: [大姐]\nsteps:") + (
        "  - {do: post, key: hi, at: {spread: 0m}, words: {text: 大家好, personas: {大姐: 姐妹们好}}}\n"
    )
    mo = Group.objects.get(native_id="r1").operator
    assert mo is not None
    Group.objects.filter(native_id="r2").update(operator=life.lin)
    put = life.put_to_work(text, voices={str(mo.pk): "大姐", str(life.lin.pk): "谁也不是"})
    groups = Group.objects.filter(native_id__in=("r1", "r2"))
    begin(put, [Begin(group, life.now, f"hand/{group.pk}") for group in groups], now=life.now)
    life.until(START + HOUR)
    assert sorted(life.said()) == [("r1", "姐妹们好"), ("r2", "大家好")]


# Evidence


@pytest.fixture
def uploads(settings: object, tmp_path: Path) -> Path:
    settings.UPLOADS = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.mark.method("G03")
def test_a_to_do_is_done_only_with_what_shows_it(life: Life, uploads: Path) -> None:
    text = head("proof") + "  - {do: todo, key: pic, at: {spread: 0m}, evidence: picture, task: 拍照, within: 2h}\n"
    run = hand(life, text)["r1"]
    todo = Todo.objects.get(title="拍照")
    assert todo.wants == Evidence.PICTURE
    assert not todos.do(todo, by=life.lin, now=life.now), "saying so is not enough"
    with pytest.raises(NotEvidence):
        todos.show(todo, picture=SimpleUploadedFile("a.png", b"not a picture"), by=life.lin, now=life.now)
    with pytest.raises(NotEvidence):
        todos.show(todo, said="真的拍了", by=life.lin, now=life.now)
    assert run.lines.get().state == LineState.HAND
    assert todos.show(todo, picture=SimpleUploadedFile("a.png", PNG), by=life.lin, now=life.now)
    life.until(START + HOUR)
    assert run.lines.get().state == LineState.DONE
    todo.refresh_from_db()
    assert (place() / todo.shown).read_bytes() == PNG
    todos.forget(life.now + DAY)
    assert not (place() / todo.shown).exists(), "it goes with its to-do"


def test_what_was_said_counts_when_somebody_has_shown_it(life: Life) -> None:
    text = head("proof") + "  - {do: post, key: say, at: {spread: 0m}, evidence: link, words: {text: 推文发了}}\n"
    runs = hand(life, text, "r1", "r2", "r3")
    life.until(START + HOUR)
    assert len(life.said()) == 3
    assert {line.state for line in Line.objects.all()} == {LineState.HAND}, "out, and not shown yet"
    todo = Todo.objects.get(key=f"{runs['r1'].lines.get().request_key}/proof")
    todos.show(todo, said="https://mp.example.com/s/1", by=life.lin, now=life.now)
    changing.stop(runs["r3"], by=life.lin, now=life.now)
    life.until(START + 30 * HOUR, every=HOUR)
    found = {room: (run.lines.get().state, run.lines.get().reason) for room, run in runs.items()}
    assert found == {
        "r1": (LineState.DONE, ""), "r2": (LineState.SKIPPED, Why.NO_PROOF), "r3": (LineState.SKIPPED, Why.STOPPED),
    }  # fmt: skip
    assert Run.objects.get(pk=runs["r2"].pk).state == RunState.DONE


# Forks


def fork(question: str, about: str = "groups") -> str:
    return head("fork", about) + (
        f"  - {{do: branch, key: way, at: {{spread: 0m}}, question: {{{question}}}, unknown: end}}\n"
        "  - {do: todo, key: after, task: 然后}\n"
    )


def way(life: Life, question: str) -> str:
    text = fork(question).replace("name: fork", f"name: fork-{Version.objects.count()}")
    return hand(life, text)["r1"].lines.get(step="way").way


@pytest.mark.method("G05")
def test_it_forks_on_orders_speakers_tags_and_days(life: Life, tmp_path: Path, settings: object) -> None:
    settings.HISTORY = tmp_path / "history"  # type: ignore[attr-defined]
    tao = Who(id="p1", name="小满")
    common: dict[str, Any] = {"account": ACCOUNT, "group_id": "r1"}
    events = [
        MessagePosted(**common, source_id="1", at=START - DAY, author=tao, message_id="1", kind=MessageKind.TEXT, text="早"),
        MessagePosted(**common, source_id="2", at=START - 9 * DAY, author=Who(id="p2", name="立冬"), message_id="2",
                      kind=MessageKind.TEXT, text="早"),
        OrderPaid(**common, source_id="3", at=START - 3 * DAY, member=tao, order_id="A", amount=100, currency="CNY"),
    ]  # fmt: skip
    open_store().append(rows_of(events), writer="test", version=1)
    Group.objects.get(native_id="r1").tags.add(Tag.objects.create(community=life.home, name="宝妈"))
    assert way(life, "about: speakers, at_least: 2") == "no", "one within a week"
    assert way(life, "about: speakers, at_least: 2, days: 30") == "yes"
    assert way(life, "about: orders, at_least: 1, days: 2") == "no"
    assert way(life, "about: orders, at_least: 1") == "yes"
    assert way(life, "about: tags, one_of: [宝妈, 学员]") == "yes"
    assert way(life, "about: day, one_of: [monday]") == "yes"
    assert way(life, "about: day, one_of: [day_off, tuesday]") == "no"


def test_it_forks_on_what_was_answered_and_keeps_no_other_word_of_it(life: Life) -> None:
    text = (
        head("ask")
        + """\
  - {do: post, key: ask, at: {spread: 0m}, words: {text: 要来的回 1}}
  - {do: wait, key: heard, fact: spoke, limit: 1d}
  - {do: branch, key: way, at: {spread: 0m}, question: {about: answer, of: heard, one_of: ["1", 来]}, yes: good, no: bad}
  - {do: todo, key: bad, task: 不来}
  - {do: todo, key: good, task: 会来}
"""
    )
    run = hand(life, text)["r1"]
    life.until(START + HOUR)
    life.world.say("r1", "p1", "我来，电话 138", at=life.milliseconds())
    life.until(START + 2 * HOUR)
    assert run.lines.get(step="way").way == "yes"
    assert run.lines.get(step="heard").text == "1\n来", "of what was said only the words asked for"


@pytest.mark.parametrize(("answer", "expected"), [("yes", "good"), ("no", "bad")])
def test_it_forks_on_a_yes_or_no(life: Life, answer: str, expected: str) -> None:
    text = (
        head("ok")
        + """\
  - {do: approval, key: sure, at: {spread: 0m}, question: 可以吗, limit: 1d, otherwise: go_on}
  - {do: branch, key: way, at: {spread: 0m}, question: {about: answer, of: sure, one_of: ["yes"]}, yes: good, no: bad}
  - {do: todo, key: bad, task: 不行}
  - {do: end, key: over}
  - {do: todo, key: good, task: 行}
"""
    )
    run = hand(life, text)["r1"]
    (deciding.approve if answer == "yes" else deciding.refuse)(run.lines.get(step="sure"), by=life.lin, now=life.now)
    life.until(START + HOUR)
    assert set(run.lines.values_list("step", flat=True)) & {"good", "bad"} == {expected}


def test_who_a_run_is_about_can_be_asked_about(life: Life) -> None:
    put = life.put_to_work(fork("about: days_since_join, at_least: 9", "members"))
    who = Identity.objects.get(key=person_key(ACCOUNT, "p1"))
    begin(put, [Begin(Group.objects.get(native_id="r1"), life.now, "hand/x", who)], now=life.now)
    life.work()
    assert Line.objects.get(step="way").way == "yes"
