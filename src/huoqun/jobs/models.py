"""Long work: asked for in the console or by the calendar, done by a worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN = (State.WAITING, State.RUNNING)


class Job(models.Model):
    """One piece of long work. While it is open, asking for the same kind and key again gives this one."""

    kind = models.CharField(_("kind"), max_length=64)
    key = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("total amount"), null=True)
    message = models.CharField(max_length=300, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    """For people; empty where only `detail`, the traceback for developers, is known."""
    detail = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    not_before = models.DateTimeField()
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    """Grows with every start, and so tells the run that holds the job from one that has lost it."""
    interruptions = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_open_job_a_key", condition=models.Q(state__in=OPEN)),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="jobs_open", condition=models.Q(state__in=OPEN)),
            models.Index(fields=["kind", "key", "-id"], name="jobs_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def share(self) -> float | None:
        """How much is done, 0 to 1; None where nobody knows."""
        return min(self.done / self.total, 1.0) if self.total else None
