"""When something is said in which group: playbooks are kept apart, and the one that matters more takes the hour of the other,
as long as that is not out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from huoqun.sop.models import Line, Run, Version
from huoqun.sop.operations.changing import plan_again
from huoqun.sop.operations.laying import Scene
from huoqun.sop.parts.shape import Base
from huoqun.sop.rules.conflicts import APART, placed
from huoqun.sop.rules.moments import into, onto
from huoqun.sop.rules.states import LineState

SAID_IN_GROUPS = ("post", "topic", "notice")
BACK = timedelta(days=1) + APART
"""What is late keeps its hour, too."""

LEAST = timedelta(minutes=1)
"""A moment later than this before its end is no use: nobody could send it."""


@dataclass(frozen=True, slots=True)
class Said:
    launch: int
    run: int
    step: str
    at: datetime
    priority: int
    planned: bool
    """It was planned before, and is not out."""


class Hours:
    """Of the groups of these runs. The caller holds the lock of planning."""

    def __init__(self, scenes: Mapping[int, Scene], *, now: datetime) -> None:
        self._scenes, self._now = scenes, now
        self._said: dict[int, list[Said]] = defaultdict(list)
        groups = {scene.run.group_id for scene in scenes.values()}
        # By their days: a group has years of lines. No zone is a day ahead of another by more than that.
        said = Line.objects.filter(group__in=groups, day__gte=(now - BACK).date() - timedelta(days=1), at__gte=now - BACK)
        told = said.filter(kind__in=SAID_IN_GROUPS).exclude(state=LineState.SKIPPED).order_by()
        rows = list(told.values_list("group", "launch", "run", "step", "at", "state", "run__version"))
        matters = _priorities([row[-1] for row in rows])
        for group, launch, run, step, at, state, version in rows:
            self._said[group].append(Said(launch, run, step, at, matters[version], state == LineState.PLANNED))

    def free(self, step: Base, scene: Scene, due: datetime) -> datetime | None:
        """The first hour nobody else has who may keep it, on a day that counts; who gives way is planned again. None: there is
        none in its time.
        """
        latest = due + step.expires.delta - LEAST
        others = [said for said in self._said[scene.run.group_id] if said.launch != scene.run.launch_id]
        givers = [said for said in others if self._may_give_way(said, scene)]
        while True:
            firm = [said.at for said in others if said not in givers]
            at = placed(due, firm, latest=max(due, latest), within=lambda moment: _within(step, moment, scene))
            stays = next((said for said in givers if at and abs(said.at - at) < APART and not self._give_way(said)), None)
            if stays is None:
                return at
            givers.remove(stays)

    def take(self, step: Base, scene: Scene, at: datetime) -> None:
        run = scene.run
        self._said[run.group_id].append(Said(run.launch_id, run.pk, step.key, at, scene.book.priority, planned=False))

    def _may_give_way(self, said: Said, scene: Scene) -> bool:
        return said.planned and said.priority > scene.book.priority and said.at > self._now

    def _give_way(self, said: Said) -> bool:
        """False: it is on its way already, or somebody has its run in hand."""
        scene = self._scenes.get(said.run)
        run = scene.run if scene else _locked(said.run)
        if run is None:
            return False
        unmade = plan_again(run, [said.step], by=None, now=self._now)
        if said.step not in unmade:
            return False
        for each in self._said.values():
            each[:] = [one for one in each if not (one.run == said.run and one.step in unmade)]
        if scene:
            for step in unmade:
                scene.lines.pop(step, None)
        return True


def _within(step: Base, moment: datetime, scene: Scene) -> datetime:
    """In the step's hours, on a day that counts."""
    return onto(step, into(step.window, moment, scene.zone), scene.zone, scene.days)


def _locked(run: int) -> Run | None:
    rows = Run.objects.select_for_update(of=("self",), skip_locked=True).select_related("version").defer("version__plain")
    return rows.filter(pk=run).first()


def _priorities(versions: Sequence[int]) -> dict[int, int]:
    rows = Version.objects.defer("plain").in_bulk(set(versions)) if versions else {}
    return {pk: version.book.priority for pk, version in rows.items()}
