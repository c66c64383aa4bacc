"""Playbooks in their versions, put to work; runs, one a group or member; and their lines of time."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.community.models import Community, Group, Identity
from huoqun.sop.errors import AlreadyDrawn
from huoqun.sop.playbooks.plain import of_plain
from huoqun.sop.playbooks.playbook import Playbook as Book
from huoqun.sop.rules.states import OPEN, LineState, RunState, Why

if TYPE_CHECKING:
    Kept = models.JSONField[Any, Any]
else:
    Kept = models.TextField


class InOrder(Kept):
    """Plain values whose fields keep their order, which PostgreSQL's own JSON does not: what a playbook asks is asked in the
    order in which it is written.
    """

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return json.loads(value or "null")


class Playbook(models.Model):
    """What is the same through all versions. Without a community it ships with the product."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, blank=True, related_name="playbooks")
    name = models.SlugField(_("short name"), max_length=64)
    title = models.CharField(_("title"), max_length=120)
    """Of the latest version."""
    made_at = models.DateTimeField(_("made"))
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="playbook_names_are_unique", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """Never changed: an edit makes another one."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    plain = InOrder()
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["playbook", "number"], name="each_version_once")]

    def __str__(self) -> str:
        return f"{self.playbook} {self.number}"

    @property
    def book(self) -> Book:
        return _book(self.pk, str(self.made_at)) if self.pk else of_plain(self.plain)


@lru_cache(maxsize=256)
def _book(pk: int, _made_at: str) -> Book:
    """A version stays what it is, so it is read once."""
    return of_plain(Version.objects.values_list("plain", flat=True).get(pk=pk))


class Launch(models.Model):
    """A version put to work in a community."""

    class State(models.TextChoices):
        GOING = "going", _("at work")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="launches")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="launches")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.GOING)
    event_at = models.DateTimeField(_("the moment it is about"), null=True, blank=True)
    """For playbooks around an event."""
    answers = models.JSONField(default=dict, blank=True)
    """To what the playbook asks, by variable."""
    voices = models.JSONField(default=dict, blank=True)
    """Which of the playbook's personas an operator (by id) speaks as; nobody named: as the plain text has it."""
    only_groups = models.JSONField(default=list, blank=True)
    """Keys of the groups chosen; empty: all that are in the playbook's audience."""
    views = models.JSONField(default=dict, blank=True)
    """Saved views it is for, as they were when it was put to work: {"groups": {"name": ..., "filters": ...}, "people": ...}. A
    copy, so that a view changed later changes nothing here; their questions are answered anew whenever runs begin.
    """
    looked_until = models.DateTimeField()
    """Up to here starts by the calendar have been looked for."""
    began_at = models.DateTimeField(_("since"))
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    """Since when it rests that was at work before: what begins it meanwhile begins when it goes on. None for one that has never
    gone, such as before a draw.
    """

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "looked_until"], name="launches_to_look_at")]

    def __str__(self) -> str:
        return f"{self.version} @ {self.community}"

    @property
    def run_name(self) -> str:
        """What the outbox calls everything of it: it can be stopped together."""
        return f"sop/{self.pk}"


class Run(models.Model):
    """One group, or one member of it, going through a version once."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="runs")
    key = models.CharField(max_length=200)
    """What makes it this one: the same start makes no second run."""
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="runs")
    member = models.ForeignKey(Identity, on_delete=models.CASCADE, null=True, blank=True, related_name="runs")
    state = models.CharField(_("state"), max_length=8, choices=[(state, state) for state in RunState], default=RunState.GOING)
    reason = models.CharField(max_length=24, blank=True)
    anchor = models.DateTimeField(_("the moment it is about"))
    place = models.PositiveIntegerField(default=0)
    """Number of the step that is laid next."""
    before = models.DateTimeField()
    """When the step before that one ended, or is to end."""
    next_at = models.DateTimeField(null=True, blank=True)
    """When it has to be looked at again; None: something has to happen first, or nothing is left."""
    edition = models.PositiveIntegerField(default=0)
    """Grows each time what was planned is planned anew: what was asked before is another wish."""
    own_words = models.JSONField(default=dict, blank=True)
    """This group's own text by step."""
    made_at = models.DateTimeField(_("made"))
    laid_at = models.DateTimeField(null=True, blank=True)
    """Since then nothing is left to lay: it is done when all its lines are settled."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["launch", "key"], name="each_run_once")]
        indexes = [
            models.Index(fields=["launch", "next_at"], name="runs_to_look_at", condition=models.Q(ended_at__isnull=True)),
            models.Index(fields=["group", "state"], name="runs_of_a_group"),
            models.Index(fields=["anchor"], name="runs_by_moment"),
            models.Index(fields=["launch", "anchor"], name="runs_of_a_launch"),
            models.Index(
                fields=["launch", "state", "anchor", "version"],
                name="runs_to_come",
                condition=models.Q(laid_at__isnull=True, member__isnull=True, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.launch_id}/{self.key}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


OUT_OF_THE_WAY = ~models.Q(state=LineState.PLANNED) & ~models.Q(state=LineState.DONE) & ~models.Q(reason=Why.NOT_TAKEN)
"""Of lines: neither still to come nor done, nor on a way that was not taken. A query says so too, or its index is not used."""


class Line(models.Model):
    """One step of a run: planned, and what became of it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lines")
    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="lines", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="lines", db_index=False)
    """Both the run's: calendars and counts of 45,000 lines a day do without looking up each one's run."""
    step = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    core = models.CharField(max_length=8, blank=True)
    """Which of the five cores it serves, as the playbook said when it was planned."""
    at = models.DateTimeField(_("planned for"))
    day = models.DateField()
    """Of `at`, where the community is at home."""
    due_at = models.DateTimeField(_("in time until"))
    latest = models.DateTimeField(_("not after"))
    state = models.CharField(_("state"), max_length=12, choices=[(state, state) for state in LineState])
    reason = models.CharField(_("why"), max_length=300, blank=True)
    """A word of `rules.states.Why`, or a carrier's own sentence."""
    way = models.CharField(max_length=8, blank=True)
    """Of a branch: yes, no, end; of a wait: came, or limit."""
    text = models.TextField(blank=True)
    """What is said, in this group's wording."""
    to = InOrder(default=list)
    """Ids of the identities it is for, where it is for several who have a role."""
    message_id = models.CharField(max_length=500, blank=True)
    edition = models.PositiveIntegerField(default=0)
    """The run's, when it was planned."""
    moved_from = models.DateTimeField(null=True, blank=True)
    """Where another playbook had the hour."""
    by_hand = models.BooleanField(default=False)
    """A person had it: given to one by the playbook, or because the carrier could not."""
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="each_step_once_a_run")]
        indexes = [
            models.Index(fields=["group", "kind"], name="lines_waiting", condition=models.Q(state=LineState.WAITING)),
            models.Index(fields=["kind"], name="lines_late", condition=models.Q(state=LineState.WAITING, way="late")),
            models.Index(fields=["day", "launch", "step", "kind", "at", "state", "reason"], name="lines_of_a_day"),
            models.Index(fields=["group", "day"], name="lines_of_a_group"),
            models.Index(fields=["kind", "due_at", "day"], name="lines_open", condition=models.Q(settled_at__isnull=True)),
            models.Index(fields=["state", "run"], name="lines_out_of_the_way", condition=OUT_OF_THE_WAY),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.step}"

    @property
    def request_key(self) -> str:
        return f"sop/{self.run_id}/{self.edition}/{self.step}"

    def request_to(self, identity: int) -> str:
        """Of one of those it is for; 0: a colleague, who has no place in the group."""
        return f"{self.request_key}/to/{identity}"

    @property
    def request_keys(self) -> list[str]:
        """Of what it says."""
        return [self.request_to(identity) for identity in self.to] or [self.request_key]


class Move(models.Model):
    """Somebody moved a step of one day in the calendar: in all groups, or in one, whose own move goes before that of all."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="moves", db_index=False)
    step = models.CharField(max_length=64)
    day = models.DateField()
    """On which it would have come, where the community is at home."""
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="moves")
    minutes = models.IntegerField()
    """So much later by the clock on the wall; negative: earlier."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("moved"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "step", "day", "group"], name="each_move_of_a_group_once"),
            models.UniqueConstraint(
                fields=["launch", "step", "day"], name="each_move_of_all_once", condition=models.Q(group__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.launch_id}/{self.step} {self.day} {self.minutes:+}"


class Week(models.Model):
    """A week, from Monday on, whose lines were counted."""

    monday = models.DateField(unique=True)
    counted_at = models.DateTimeField()
    open = models.PositiveIntegerField()
    """So many lines were not settled yet."""
    operators = models.BigIntegerField(default=0)
    """A sum that changes when a group goes to another operator: `counting.operators_now`."""
    took = models.FloatField(default=0.0)
    """Seconds; what takes long is counted less often."""

    def __str__(self) -> str:
        return f"{self.monday}"


class DayCount(models.Model):
    """A step of a launch on one day, in all groups an operator had when it was counted: what the calendar shows of days that
    are over.
    """

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="day_counts", db_index=False)
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    day = models.DateField()
    step = models.CharField(max_length=64)
    first = models.DateTimeField()
    last = models.DateTimeField()
    lines = models.PositiveIntegerField()
    done = models.PositiveIntegerField()
    trouble = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "launch", "step", "operator"], name="each_step_once_a_day")]
        indexes = [models.Index(fields=["launch"], name="day_counts_of_a_launch")]

    def __str__(self) -> str:
        return f"{self.launch_id}/{self.step} {self.day}"


class GroupWeek(models.Model):
    """How a launch kept its promises to one group in one week, and who did it."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="group_weeks", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="weeks")
    monday = models.DateField()
    in_time = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    """Done after its time, or still not done."""
    never = models.PositiveIntegerField()
    """Left out or refused: nobody got it."""
    reasons = models.TextField(blank=True)
    """Why not, as JSON: a word of `Why` or a carrier's sentence, and how often. Sorted, so that equal ones can be counted."""
    by_people = models.PositiveIntegerField()
    """Done by a person."""
    by_machine = models.PositiveIntegerField()
    todos = models.PositiveIntegerField()
    """To-dos done."""
    minutes = models.PositiveIntegerField()
    """From the moments of these to-dos until they were done, added up."""
    help = models.PositiveIntegerField()
    """Steps done that serve this core, and so on."""
    content = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    rules = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    help_planned = models.PositiveIntegerField()
    content_planned = models.PositiveIntegerField()
    answers_planned = models.PositiveIntegerField()
    rules_planned = models.PositiveIntegerField()
    people_planned = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["monday", "group", "launch"], name="each_week_of_a_group_once")]
        indexes = [models.Index(fields=["launch"], name="weeks_of_a_launch")]

    def __str__(self) -> str:
        return f"{self.launch_id}/{self.group_id} {self.monday}"


class Trial(models.Model):
    """A fair test of a launch, as it was drawn. Who starts when was dealt by lot from `seed`, so that anybody can deal it
    again; nothing of it is changed afterwards, or what it shows would rest on more than chance.
    """

    launch = models.OneToOneField(Launch, on_delete=models.CASCADE, related_name="trial")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="trials")
    """What is tested: a launch may go over to a newer version later."""
    measure = models.CharField(max_length=16)
    by: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Asked for beforehand: the effect for each of these kinds by itself."""
    first_day = models.DateField(_("the first wave starts on"))
    before = models.PositiveSmallIntegerField(_("weeks before it"))
    waves: models.JSONField[Any, Any] = models.JSONField()
    """Weeks in which waves start, counted from the first of the weeks before."""
    held_back = models.FloatField(_("share held back"), default=0.0)
    weeks = models.PositiveSmallIntegerField(_("weeks in all"))
    seed = models.BigIntegerField()
    smallest = models.FloatField(null=True)
    """The smallest effect it was said to be able to see, as the measure is computed; None: too little was known to say."""
    drawn_at = models.DateTimeField(_("drawn"))
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.launch}: {self.measure}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _only_once(self)
        super().save(*args, **kwargs)


class TrialUnit(models.Model):
    """Groups drawn together."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="units")
    number = models.PositiveIntegerField()
    """Its place when lots were dealt."""
    week = models.PositiveSmallIntegerField(null=True)
    """In which it starts; None: held back."""
    stratum = models.CharField(max_length=120, blank=True)
    """Units of the same stratum were dealt among themselves."""
    kinds: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """What it was on the day of the draw, for each of the trial's `by`."""

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["trial", "number"], name="each_unit_once")]

    def __str__(self) -> str:
        return f"{self.trial_id}/{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _only_once(self)
        super().save(*args, **kwargs)


class TrialGroup(models.Model):
    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="groups")
    unit = models.ForeignKey(TrialUnit, on_delete=models.CASCADE, related_name="groups")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="trials")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "group"], name="each_group_in_one_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.group_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _only_once(self)
        super().save(*args, **kwargs)


def _only_once(row: models.Model) -> None:
    if row.pk is not None:
        raise AlreadyDrawn
