"""Snapshots of audits: what pages read instead of history."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.community.models import Community, Group, Identity
from huoqun.sop.models import Launch, Trial


class State(models.TextChoices):
    """What an audit says of a group. A planned end is success, not death (L08); bubbling is not dead (L18)."""

    THRIVING = "thriving", _("thriving")
    STEADY = "steady", _("steady")
    BUBBLING = "bubbling", _("bubbling up")
    DECLINING = "declining", _("declining")
    DORMANT = "dormant", _("dormant")
    DEAD = "dead", _("dead")
    PLANNED_END = "planned_end", _("planned end reached")
    UNHEARD = "unheard", _("not heard")
    NO_TALK_SEEN = "", _("no talk seen")


class PlainRule(models.TextChoices):
    """The method's own count over the window (A02 to A04)."""

    EVERY_DAY = "every_day", _("every day")
    SOMETIMES = "sometimes", _("now and then")
    SILENT = "silent", _("silent")
    UNKNOWN = "", _("not known")


class Role(models.TextChoices):
    """What somebody is in a group (C17 to C21). Who said nothing is an onlooker too, and has no row."""

    CO_BUILDER = "co_builder", _("co-builder")
    CHATTERBOX = "chatterbox", _("chatterbox")
    ACTIVE = "active", _("active")
    ONLOOKER = "onlooker", _("onlooker")


class Audit(models.Model):
    """All groups of a community as of the end of one day, from what was knowable then. Run again, it is replaced."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="audits")
    as_of = models.DateField(_("as of"))
    window = models.PositiveSmallIntegerField(_("window in days"), default=7)
    ran_at = models.DateTimeField(_("computed"))
    portfolio = models.JSONField(default=dict)
    coverage = models.JSONField(default=dict)
    complete = models.BooleanField(default=True)
    """Whether there is a row for each group; audits of days gone by may hold the portfolio only, to show how it moves."""
    states = models.JSONField(default=dict)
    """{state: [ids of groups]}, kept for past days too: what flows between states are drawn from."""
    outlook = models.JSONField(default=dict)
    """The forecast's track record on this community's own past, or why there is none; as `forecast.Outlook` tells it."""
    advice = models.JSONField(default=dict)
    """What to do first under the hours there are; as `causes.portfolio` tells it."""
    operators = models.JSONField(default=list)
    """Operators side by side; as `operators.disperse` tells them."""

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ["-as_of"]
        constraints = [models.UniqueConstraint(fields=["community", "as_of"], name="one_audit_a_day")]

    def __str__(self) -> str:
        return f"{self.community} {self.as_of:%Y-%m-%d}"


class GroupHealth(models.Model):
    """One group in one audit. Empty figures are not known, which is not zero.

    `figures` holds every figure of the metrics by name; it is kept for a month, the columns for good.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="groups")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="health")
    talk_seen = models.BooleanField(default=True)
    state = models.CharField(_("state"), max_length=16, choices=State, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    rule = models.CharField(_("plain rule"), max_length=12, choices=PlainRule, blank=True)
    p_alive = models.FloatField(_("probability of being alive"), null=True, blank=True)
    p_low = models.FloatField(null=True, blank=True)
    p_high = models.FloatField(null=True, blank=True)
    changed_on = models.DateField(_("level changed on"), null=True, blank=True)
    level_before = models.FloatField(_("level before"), null=True, blank=True)
    level_now = models.FloatField(_("level now"), null=True, blank=True)
    messages_7d = models.PositiveBigIntegerField(_("messages in 7 days"), null=True, blank=True)
    speakers_7d = models.PositiveIntegerField(_("people who spoke in 7 days"), null=True, blank=True)
    days_active_7d = models.PositiveSmallIntegerField(_("days with talk in 7"), null=True, blank=True)
    messages_30d = models.PositiveBigIntegerField(_("messages in 30 days"), null=True, blank=True)
    messages_ever = models.PositiveBigIntegerField(_("messages so far"), null=True, blank=True)
    last_message_at = models.DateTimeField(_("last message"), null=True, blank=True)
    days_silent = models.PositiveIntegerField(_("days of silence"), null=True, blank=True)
    life_days = models.PositiveIntegerField(_("life span in days"), null=True, blank=True)
    members = models.PositiveIntegerField(_("members known"), null=True, blank=True)
    joins_30d = models.PositiveIntegerField(_("joins in 30 days"), null=True, blank=True)
    leaves_30d = models.PositiveIntegerField(_("leaves in 30 days"), null=True, blank=True)
    questions_30d = models.PositiveIntegerField(_("questions in 30 days"), null=True, blank=True)
    unanswered = models.PositiveIntegerField(_("unanswered questions"), null=True, blank=True)
    top_person_share = models.FloatField(_("share of the one who says most"), null=True, blank=True)
    top1_share = models.FloatField(_("share of the top 1 %"), null=True, blank=True)
    house_messages_30d = models.PositiveBigIntegerField(_("house messages in 30 days"), null=True, blank=True)
    figures = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    """[[code, figures], ...], as `life.wording` says them."""
    causes = models.JSONField(default=list)
    """[{"code", "strength", "figures", "messages": [as in `Unanswered.around`]}, ...], the weightiest first."""
    main_cause = models.CharField(_("main cause"), max_length=32, blank=True)
    enough = models.BooleanField(default=True)
    """Whether there was enough to say why; a group that is well needs no cause."""
    action = models.CharField(_("next action"), max_length=24, blank=True)
    advice = models.JSONField(default=dict)
    """{"figures", "effort" (hours a week), "first_step", "watch" (names of figures), "with_group" (group_key or null)}"""
    p_silent = models.FloatField(_("probability of silence within 30 days"), null=True, blank=True)
    p_silent_low = models.FloatField(null=True, blank=True)
    p_silent_high = models.FloatField(null=True, blank=True)
    outlook = models.JSONField(default=dict)
    """{"reasons": [[code, weight, figures], ...], "lead_days", "model"}"""

    class Meta:
        verbose_name = _("group health")
        constraints = [models.UniqueConstraint(fields=["audit", "group"], name="one_health_an_audit")]
        indexes = [
            models.Index(fields=["group", "audit"]),
            models.Index(fields=["audit", "state"]),
            models.Index(fields=["audit", "action"]),
            models.Index(fields=["audit", "main_cause"]),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.state}"


class GroupDay(models.Model):
    """A group on one day, for heat maps and sparklines. A day without a row had neither talk nor joins nor leaves."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    messages = models.PositiveIntegerField()
    speakers = models.PositiveIntegerField()
    house_messages = models.PositiveIntegerField()
    joins = models.PositiveIntegerField()
    leaves = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "day"], name="one_row_a_day")]

    def __str__(self) -> str:
        return f"{self.group} {self.day}: {self.messages}"


class PersonRole(models.Model):
    """What somebody is in a group, by the latest audit: from the last 90 days of the group's own talk."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="roles")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=12, choices=Role)
    reason = models.CharField(_("reason"), max_length=32)
    """A code; `queries.reason_of` says it with the figures of the row."""
    messages = models.PositiveIntegerField(_("messages"))
    days = models.PositiveIntegerField(_("days with talk"))
    replies = models.PositiveIntegerField(_("messages addressed to somebody"))
    share = models.FloatField(_("share of the group's talk"))
    last_at = models.DateTimeField(_("last message"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "identity"], name="one_role_in_a_group")]

    def __str__(self) -> str:
        return f"{self.identity} in {self.group}: {self.role}"


class Unanswered(models.Model):
    """A question nobody answered, by the latest audit, with what was said around it."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="unanswered_questions")
    source_id = models.CharField(max_length=500)
    message_id = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(_("time of the question"))
    author = models.ForeignKey(Identity, on_delete=models.CASCADE, null=True, related_name="unanswered_questions")
    text = models.TextField(_("question"))
    around = models.JSONField(default=list)
    """[{"at" (milliseconds since 1970), "author" (person key), "kind", "text", "asked": true for the question itself}, ...]"""

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["group", "-asked_at"])]

    def __str__(self) -> str:
        return self.text[:80]


class GroupGraph(models.Model):
    """Who answers whom in a group, by the latest audit: at most 500 people, those with the strongest ties."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="graph")
    as_of = models.DateField()
    people = models.JSONField(default=list)
    """[{"key" (person key), "role", "house" ("" for members), "messages"}, ...]"""
    ties = models.JSONField(default=list)
    """[[a, b, messages from a to b, messages from b to a, certainty], ...]; a and b are places in `people`."""
    curve = models.JSONField(default=list)
    """People left in the k-core for k = 1, 2, ...; house taken out."""
    source = models.CharField(max_length=12, blank=True)
    """replies or inferred"""
    certainty = models.FloatField(null=True, blank=True)
    left_out = models.PositiveIntegerField(default=0)
    """People who have ties and are not among the 500."""

    def __str__(self) -> str:
        return f"{self.group}: {len(self.people)}"


class Objection(models.Model):
    """Somebody who knows the group disagrees with the audit. Kept, and shown with what came after."""

    class About(models.TextChoices):
        STATE = "state", _("the state")
        CAUSE = "cause", _("the cause")
        ACTION = "action", _("the next action")
        FORECAST = "forecast", _("the forecast")

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="objections")
    audit_as_of = models.DateField(_("audit of"))
    about = models.CharField(_("about"), max_length=12, choices=About)
    code = models.CharField(max_length=32)
    """What the audit said."""
    instead = models.CharField(_("what it is instead"), max_length=32, blank=True)
    note = models.TextField(_("why"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("time"))
    then = models.JSONField(default=dict)
    """What was known on that day: {"state", "messages_30d", "speakers_7d", "p_silent"}."""

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["group", "-at"])]

    def __str__(self) -> str:
        return f"{self.group} {self.audit_as_of}: {self.about} {self.code}"


class Report(models.Model):
    """A report as it was made. Its files lie under DATA/reports and are handed out after a permission check only."""

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("weekly portfolio report")
        CHECK_UP = "check_up", _("group check-up")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="reports")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="reports")
    kind = models.CharField(_("report"), max_length=12, choices=Kind)
    language = models.CharField(_("language"), max_length=12)
    as_of = models.DateField(_("as of"))
    made_at = models.DateTimeField(_("made"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    """None: made by the schedule."""
    folder = models.CharField(max_length=80)
    """Under DATA/reports; random, holds report.html, report.pdf and report.png where they could be made."""
    formats = models.JSONField(default=list)
    """Which of html, pdf, png there are."""
    missing = models.TextField(blank=True)
    """Why a format is missing, in plain words."""

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["community", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of} {self.language}"


class ReportPlan(models.Model):
    """The weekly report a community wants."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="report_plan")
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=0)
    """0 is Monday; made on the morning of that day in the community's zone."""
    languages = models.JSONField(default=list)
    """Empty: no report is made."""

    def __str__(self) -> str:
        return f"{self.community}: {self.languages}"


class WorkingHours(models.Model):
    """How many hours a week there are for looking after a community's groups (B32); advice is given under them."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="working_hours")
    hours_a_week = models.FloatField(_("hours a week"))

    def __str__(self) -> str:
        return f"{self.community}: {self.hours_a_week}"


class TrialOutlook(models.Model):
    """What a fair test of a launch could show by one plan, worked out before it is drawn. Another audit, another day: anew."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="outlooks")
    plan = models.CharField(max_length=60)
    """Waves, weeks between them, share held back, weeks after: "4/2/0/4"."""
    audit = models.DateField(null=True)
    """The newest when it was worked out."""
    made_at = models.DateTimeField()
    told: models.JSONField[Any, Any] = models.JSONField()
    """As `outlooks.told` tells it."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["launch", "plan"], name="one_outlook_a_plan")]

    def __str__(self) -> str:
        return f"{self.launch}: {self.plan}"


class TrialReading(models.Model):
    """What a fair test showed, read once when it was over: what is learned, or no longer kept, later changes nothing."""

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, related_name="reading")
    read_at = models.DateTimeField()
    showed: models.JSONField[Any, Any] = models.JSONField()
    """As `trials.showed` tells it."""

    def __str__(self) -> str:
        return f"{self.trial}: {self.showed['effect']}"
