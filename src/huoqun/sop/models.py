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
from huoqun.sop.rules.states import OPEN, LineState, RunState

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
    only_groups = models.JSONField(default=list, blank=True)
    """Keys of the groups chosen; empty: all that are in the playbook's audience."""
    looked_until = models.DateTimeField()
    """Up to here starts by the calendar have been looked for."""
    began_at = models.DateTimeField(_("since"))
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

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
            models.Index(fields=["next_at"], name="runs_to_look_at", condition=models.Q(state=RunState.GOING)),
            models.Index(fields=["group", "state"], name="runs_of_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.launch_id}/{self.key}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Line(models.Model):
    """One step of a run: planned, and what became of it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lines")
    step = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    at = models.DateTimeField(_("planned for"))
    latest = models.DateTimeField(_("not after"))
    state = models.CharField(_("state"), max_length=12, choices=[(state, state) for state in LineState])
    reason = models.CharField(_("why"), max_length=300, blank=True)
    """A word of `rules.states.Why`, or a carrier's own sentence."""
    way = models.CharField(max_length=8, blank=True)
    """Of a branch: yes, no, end; of a wait: came, or limit."""
    text = models.TextField(blank=True)
    """What is said, in this group's wording."""
    message_id = models.CharField(max_length=500, blank=True)
    edition = models.PositiveIntegerField(default=0)
    """The run's, when it was planned."""
    moved_from = models.DateTimeField(null=True, blank=True)
    """Where another playbook had the hour."""
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="each_step_once_a_run")]
        indexes = [
            models.Index(fields=["state", "kind"], name="lines_waiting", condition=models.Q(state=LineState.WAITING)),
            models.Index(fields=["at"], name="lines_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.step}"

    @property
    def request_key(self) -> str:
        return f"sop/{self.run_id}/{self.edition}/{self.step}"


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
