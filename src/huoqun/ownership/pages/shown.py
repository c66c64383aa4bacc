"""To-dos as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from huoqun.community.models import Identity
from huoqun.ownership import words
from huoqun.ownership.models import How, State, Todo
from huoqun.ownership.rules.preparing import mentioned
from huoqun.ownership.rules.times import can_be_undone, is_late
from huoqun.vocabulary.actions import Action
from huoqun.vocabulary.ids import person_key

LONG = 3
"""Rows a text is shown in at least."""


@dataclass(frozen=True, slots=True)
class Shown:
    todo: Todo
    heading: str
    where: str
    who: str
    steps: str
    why: str
    mentions: str
    late: bool
    code: str
    state: str
    can_undo: bool

    @property
    def rows(self) -> int:
        """How many lines its text takes on a phone, about."""
        lines = self.todo.text.splitlines()
        return min(14, max(LONG, sum(1 + len(line) // 20 for line in lines)))


def shown(todos: Iterable[Todo], *, now: datetime) -> list[Shown]:
    """One query for all whom they address."""
    rows = list(todos)
    actions = {row.pk: words.action_of(row) for row in rows}
    names = _names(action for action in actions.values() if action)
    return [_shown(row, actions[row.pk], names, now) for row in rows]


def _shown(todo: Todo, action: Action | None, names: dict[int, str], now: datetime) -> Shown:
    late = todo.state == State.OPEN and is_late(todo.due_at, now)
    addressed = [names.get(key, native) for key, native in _addressed(action)] if action else []
    return Shown(
        todo=todo,
        heading=words.heading(todo),
        where=words.where(todo),
        who=words.who(todo),
        steps=words.steps(todo),
        # A carrier's own reason is an English sentence of its catalogue; what somebody wrote stays as it is.
        why=_(todo.why) if todo.why else "",
        mentions=" ".join(f"@{name}" for name in addressed),
        late=late,
        code=state_code(todo, late=late),
        state=state_words(todo, late=late),
        can_undo=todo.how == How.TAP and todo.settled_at is None and can_be_undone(todo.done_at, now=now),
    )


def state_code(todo: Todo, *, late: bool) -> str:
    return "todo_late" if late else f"todo_{todo.state}"


def state_words(todo: Todo, *, late: bool) -> str:
    return _("late") if late else todo.get_state_display()


def _addressed(action: Action) -> Sequence[tuple[int, str]]:
    return [(person_key(action.account, native), native) for native in mentioned(action)]


def _names(actions: Iterable[Action]) -> dict[int, str]:
    keys = {key for action in actions for key, _native in _addressed(action)}
    if not keys:
        return {}
    return {key: name for key, name in Identity.objects.filter(key__in=keys).values_list("key", "name") if name}
