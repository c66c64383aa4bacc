"""What the outbox tells of what was planned: many lines at once, by hand, with something to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huoqun.community.models import Group
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.ownership import handlers as ownership
from huoqun.ownership import operations as todos
from huoqun.ownership.models import State, Todo
from huoqun.sop.models import Line, Run
from huoqun.sop.operations import settling
from huoqun.sop.operations.beginning import Begin, begin
from huoqun.sop.rules.states import LineState, RunState, Why
from huoqun.vocabulary.facts import RequestSettled
from huoqun.vocabulary.log import Batch, Stored

from .conftest import ACCOUNT, START, Life

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

HEAD = "name: {name}\ntitle: {name}\nstarts: [{{when: hand}}]\nsteps:\n"
ENDS = HEAD.format(name="flash") + "  - {do: end, key: over, at: {spread: 0m}, dissolve: true, evidence: note, why: 到期了}\n"
SAYS = HEAD.format(name="says") + "  - {do: post, key: say, at: {offset: 2h, spread: 0m}, words: {text: 早}}\n"


def hand(life: Life, text: str, room: str = "r1") -> Run:
    put, group = life.put_to_work(text), Group.objects.get(native_id=room)
    begin(put, [Begin(group, life.now, "hand/1")], now=life.now)
    life.work()
    return Run.objects.get(launch=put)


def told(line: Line, outcome: str, at: datetime = START, **more: object) -> RequestSettled:
    return RequestSettled(
        community=ACCOUNT.community, at=at, request=line.request_key, outcome=outcome, room="sop", about=f"run/{line.run_id}",
        action="PostToGroup", target="group/r1", **more,  # type: ignore[arg-type]
    )  # fmt: skip


# By hand, with something to show


@pytest.mark.method("G03")
def test_what_the_carrier_leaves_to_people_is_done_and_shown_in_one_to_do(life: Life) -> None:
    run = hand(life, ENDS)
    todo = Todo.objects.get()
    assert (todo.wants, todo.action, todo.why) == ("note", "DissolveGroup", Request.objects.get().reason)
    assert not todos.do(todo, by=life.lin, now=life.now), "a tap is not enough"
    assert todos.show(todo, said="群已解散", by=life.lin, now=life.now)
    life.until(START + HOUR)
    assert (run.lines.get().state, run.lines.get().by_hand) == (LineState.DONE, True)
    assert Todo.objects.count() == 1
    assert Run.objects.get().state == RunState.DONE


def test_heard_here_before_it_is_heard_there_it_is_one_to_do_all_the_same(life: Life) -> None:
    line = hand(life, ENDS).lines.get()
    fact = told(line, "handed")
    for forget in (False, True):
        Line.objects.update(state=LineState.PLANNED)
        if forget:
            Todo.objects.all().delete()
        else:
            Todo.objects.update(wants="")
        settling.settle([fact], now=life.now)
        ownership.hear(Batch((Stored(position=1, stored_at=START, what=fact),), writer="test"), now=life.now)
        assert list(Todo.objects.values_list("wants", "state", "request")) == [("note", State.OPEN, line.request_key)]


def test_done_without_showing_it_it_is_asked_for_afterwards(life: Life) -> None:
    """Somebody settled it in the outbox, where nothing can be shown."""
    run = hand(life, ENDS)
    outbox.confirm(Request.objects.all(), by=life.lin, now=life.now)
    life.work()
    line = run.lines.get()
    assert line.state == LineState.HAND
    proof = Todo.objects.get(state=State.OPEN)
    assert (proof.key, proof.wants) == (f"{line.request_key}/proof", "note")
    assert todos.show(proof, said="群已解散", by=life.lin, now=life.now)
    life.until(START + HOUR)
    assert run.lines.get().state == LineState.DONE


# Many at once, and in their order


@pytest.fixture
def said(life: Life) -> Line:
    return hand(life, SAYS).lines.get()


@pytest.mark.parametrize(
    ("outcomes", "state", "reason", "by_hand"),
    [
        (["sent"], LineState.DONE, "", False),
        (["handed", "sent"], LineState.DONE, "", True),
        (["handed", "cancelled"], LineState.SKIPPED, Why.BY_HAND, True),
        (["handed", "expired"], LineState.SKIPPED, Why.TOO_LATE, True),
        (["refused", "sent"], LineState.DONE, "", False),
        (["unknown", "refused"], LineState.FAILED, "被拒了", False),
        (["sent", "cancelled"], LineState.DONE, "", False),
        (["confirming", "sent"], LineState.DONE, "", True),
    ],
)
def test_facts_about_one_line_count_in_their_order_in_one_batch_or_in_several(
    said: Line, outcomes: Sequence[str], state: LineState, reason: str, by_hand: bool
) -> None:
    facts = [told(said, outcome, START + n * MINUTE, reason="被拒了" if outcome == "refused" else "")
             for n, outcome in enumerate(outcomes)]  # fmt: skip
    for batches in ([facts], [[fact] for fact in facts]):
        Line.objects.update(state=LineState.PLANNED, reason="", by_hand=False, settled_at=None)
        for batch in batches:
            settling.settle(batch, now=START + HOUR)
        line = Line.objects.get()
        assert (line.state, line.reason, line.by_hand) == (state, reason, by_hand)


def test_the_message_of_the_one_that_was_sent_is_kept(said: Line) -> None:
    assert settling.settle([told(said, "handed"), told(said, "sent", message_id="m7")], now=START) == 2
    assert Line.objects.get().message_id == "m7"


def test_what_is_out_all_the_same_is_not_called_left_out(life: Life) -> None:
    line = hand(life, SAYS.replace("spread: 0m}", "spread: 0m}, fallback: skip")).lines.get()
    Request.objects.update(state=RequestState.SENT)
    settling.settle([told(line, "handed"), told(line, "sent")], now=START)
    assert Line.objects.get().state == LineState.DONE
    Line.objects.update(state=LineState.PLANNED, settled_at=None)
    Request.objects.update(state=RequestState.HANDED)
    settling.settle([told(line, "handed")], now=START)
    assert (Line.objects.get().state, Line.objects.get().reason) == (LineState.SKIPPED, Why.CANNOT)
    assert Request.objects.get().state == RequestState.CANCELLED


def lines(run: Run, many: int) -> Iterator[Line]:
    """As many more runs like this one, each with its line."""
    line = run.lines.get()
    for number in range(many):
        run.pk, run.key = None, f"hand/more/{run.launch_id}/{many}/{number}"
        run.save(force_insert=True)
        line.pk, line.run_id, line.state, line.edition = None, run.pk, LineState.PLANNED, 0
        line.save(force_insert=True)
        yield Line.objects.get(pk=line.pk)


@pytest.mark.parametrize("outcome", ["sent", "handed", "refused"])
@pytest.mark.parametrize("evidence", ["", ", evidence: link"])
def test_ten_times_as_many_lines_cost_no_more_queries(life: Life, outcome: str, evidence: str) -> None:
    text = SAYS.replace("spread: 0m}", f"spread: 0m}}{evidence}") + "  - {do: pin, key: top, said: say, at: {spread: 0m}}\n"
    run, asked = hand(life, text), []
    for many in (3, 30):
        facts = [told(line, outcome) for line in lines(Run.objects.get(pk=run.pk), many)]
        with CaptureQueriesContext(connection) as queries:
            assert settling.settle(facts, now=START) == many
        asked.append(len(queries))
    assert asked[1] <= asked[0]
