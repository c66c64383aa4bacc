"""Who speaks as whom is changed while a playbook is at work: what is planned is said anew, what is out stays as it was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huoqun.console.models import Staff
from huoqun.sop.errors import NotOpen
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.operations.changing import plan_again
from huoqun.sop.operations.planning import one_at_a_time
from huoqun.sop.playbooks.voices import sounds_different
from huoqun.sop.rules.states import OPEN, LineState

AT_ONCE = 50


@transaction.atomic
def speak(launch: Launch, voices: Mapping[str, str]) -> dict[str, str]:
    """From now on these operators (by id) speak as these personas, or ("") as the plain text has it; whoever is not named goes
    on as before. Returns as whom those spoke until now who changed; `say_anew` has to follow with it. Raises NotOpen.
    """
    # Whatever is just being planned in the old voice is written down before, and is found by what follows.
    one_at_a_time()
    row = Launch.objects.select_for_update(of=("self",)).select_related("version").get(pk=launch.pk)
    if row.state == Launch.State.ENDED:
        raise NotOpen
    known = {"", *row.version.book.personas}
    told = {who: persona for who, persona in voices.items() if persona in known}
    before = {who: row.voices.get(who, "") for who, persona in told.items() if row.voices.get(who, "") != persona}
    row.voices = {who: persona for who, persona in {**row.voices, **told}.items() if persona}
    row.save(update_fields=["voices"])
    return before


def planned_otherwise(launch: Launch, before: Mapping[str, str], *, now: datetime) -> dict[int, set[str]]:
    """By run: its planned steps which sound different now from how these operators (by id) spoke `before`."""
    ahead = Q(state=LineState.PLANNED) | Q(kind="todo", state=LineState.HAND, at__gt=now)
    rows = Line.objects.filter(ahead, launch=launch, settled_at=None, run__state__in=OPEN).order_by()
    told = list(
        rows.filter(group__operator__in=[int(who) for who in before]).values_list(
            "run", "run__version", "group__operator", "step"
        )
    )
    books = Version.objects.defer("plain").in_bulk({version for _run, version, _who, _step in told})
    voices = Launch.objects.values_list("voices", flat=True).get(pk=launch.pk)
    found: dict[int, set[str]] = defaultdict(set)
    different: dict[tuple[int, str], frozenset[str]] = {}
    for run, version, operator, step in told:
        who = str(operator)
        if (version, who) not in different:
            different[version, who] = sounds_different(books[version].book, before[who], voices.get(who, ""))
        if step in different[version, who]:
            found[run].add(step)
    return dict(found)


def say_anew(
    launch: Launch,
    before: Mapping[str, str],
    *,
    by: Staff | None,
    now: datetime,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> int:
    """What is planned and sounds different now is unmade and planned again for the same time. What is out, or on its way, and
    what a group says in its own words, stays. May be called again. Returns how many runs.
    """
    found = planned_otherwise(launch, before, now=now)
    runs = sorted(found)
    for start in range(0, len(runs), AT_ONCE):
        progress(start, len(runs))
        with transaction.atomic():
            rows = Run.objects.select_for_update(of=("self",)).select_related("version").defer("version__plain")
            for run in rows.filter(pk__in=runs[start : start + AT_ONCE], state__in=OPEN).order_by("pk"):
                if steps := found[run.pk] - set(run.own_words):
                    plan_again(run, steps, by=by, now=now)
    progress(len(runs), len(runs))
    return len(runs)
