"""What was asked of carriers, what became of it, and what was stopped."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.outbox.rules.states import State, is_late
from huoqun.outbox.words import STATES, WAITS_FOR
from huoqun.vocabulary.ids import Account


class Request(models.Model):
    """One action to be done once, however often it was asked for."""

    community = models.CharField(_("community"), max_length=64)
    carrier = models.CharField(_("carrier"), max_length=64)
    account = models.CharField(_("account"), max_length=170)
    key = models.CharField(max_length=200)
    action = models.CharField(_("action"), max_length=40)
    """The class in `vocabulary.actions`."""
    payload = models.TextField()
    target = models.CharField(_("for whom"), max_length=300)
    room = models.CharField(_("asked by"), max_length=40)
    about = models.CharField(max_length=200)
    run = models.CharField(max_length=120, blank=True)
    priority = models.SmallIntegerField(_("priority"))
    not_before = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("not after"), null=True)
    quiet = models.TextField(blank=True)
    state = models.CharField(_("state"), max_length=12, choices=list(STATES.items()), default=State.WAITING)
    waits_for = models.CharField(max_length=12, blank=True, choices=list(WAITS_FOR.items()))
    next_try_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    looks = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    """Grows with every lease: what a worker that was held to be dead still says about an older one is not heard."""
    leased_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    """Before this was written nothing had been called; afterwards it may have been."""
    in_doubt = models.BooleanField(default=False)
    """A call was cut off and may be repeated. Until that is answered nobody may say that nothing was sent."""
    reason = models.CharField(max_length=500, blank=True)
    message_id = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=1000, blank=True, default="", db_default="")
    """Where what was made is opened."""
    reached = models.PositiveIntegerField(null=True)
    failed = models.TextField(blank=True)
    waits_for_staff = models.CharField(max_length=170, blank=True, default="", db_default="")
    """The colleague who has to confirm it, by the carrier's id."""
    confirm_by = models.DateTimeField(null=True)
    """So long it is waited for; then it is taken back, or over."""
    withdrawable = models.BooleanField(default=False, db_default=False)
    """The carrier can take it back as long as nobody has confirmed it."""
    unwanted = models.BooleanField(default=False, db_default=False)
    """Somebody has cancelled it while it waited for a confirmation."""
    remind_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0, db_default=0)
    reminded_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [models.UniqueConstraint(fields=["key", "community"], name="each_request_once")]
        indexes = [
            models.Index(fields=["state", "priority", "next_try_at", "id"], name="requests_due"),
            models.Index(fields=["community", "state", "not_before"], name="requests_board"),
            models.Index(fields=["community", "about"], name="requests_about_todos", condition=models.Q(room="ownership")),
            models.Index(fields=["message_id"], name="requests_by_task", condition=models.Q(state="confirming")),
            models.Index(fields=["next_try_at"], name="requests_to_follow", condition=models.Q(state="confirming")),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.action} {self.target}: {self.state}"

    @property
    def through(self) -> Account:
        return Account(self.community, self.carrier, self.account)

    def is_late(self, now: datetime) -> bool:
        return is_late(self.state, self.not_before, now)


class Stage(models.Model):
    """One thing that became of a request. Planned is the request itself: `asked_at`, `asked_by`."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="stages")
    at = models.DateTimeField(_("time"))
    stage = models.CharField(_("what happened"), max_length=12)
    detail = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request_id} {self.stage}"


class Pause(models.Model):
    """While it is not lifted, nothing of it goes out. One request alone is not paused but held (`State.HELD`)."""

    class Scope(models.TextChoices):
        EVERYTHING = "everything", _("everything")
        COMMUNITY = "community", _("a community")
        ACCOUNT = "account", _("an account")
        RUN = "run", _("a run")

    scope = models.CharField(_("what"), max_length=12, choices=Scope)
    value = models.CharField(max_length=300, blank=True)
    """The community's slug, the account as `Account` writes itself, or "<community>/<run>"."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "value"], name="paused_once", condition=models.Q(lifted_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.value}"


class Spent(models.Model):
    """How much of a pace or cap was used in one step of its time (`rules.paces`)."""

    scope = models.CharField(max_length=700)
    step = models.BigIntegerField()
    used = models.IntegerField()
    ends_at = models.DateTimeField()
    """From then on it counts no more."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "step"], name="each_step_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.step}: {self.used}"


class OrganisationCap(models.Model):
    """How often one person or one group may be disturbed, by all rooms together. Community "": where a community has none of
    its own.
    """

    community = models.CharField(_("community"), max_length=64, unique=True, blank=True)
    member_day = models.PositiveIntegerField(_("messages to one person in 24 hours"), null=True, blank=True)
    member_week = models.PositiveIntegerField(_("messages to one person in 7 days"), null=True, blank=True)
    group_day = models.PositiveIntegerField(_("posts in one group in 24 hours"), null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.community or "*"


__all__ = ["OrganisationCap", "Pause", "Request", "Spent", "Stage", "State"]
