"""What was taken in from files, which live accounts are listened to, and what could not be read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.vocabulary.ids import Account


class Import(models.Model):
    """One import of one or more files into a community. `community` is the community's slug: that room lives above this one."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READING = "reading", _("reading")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    community = models.SlugField(max_length=64)
    title = models.CharField(_("files"), max_length=300)
    paths = models.JSONField(default=list)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    format = models.CharField(_("format"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    read = models.PositiveBigIntegerField(_("records read"), default=0)
    added = models.PositiveBigIntegerField(_("added"), default=0)
    known = models.PositiveBigIntegerField(_("known already"), default=0)
    bad = models.PositiveBigIntegerField(_("could not be read"), default=0)
    groups = models.PositiveIntegerField(_("groups"), default=0)
    people = models.PositiveIntegerField(_("people"), default=0)
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    """Why the file as a whole could not be read: an English sentence with places that `error_values` fill."""
    error_values = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Connection(models.Model):
    """A live account that is listened to. `community` is a slug, as for imports."""

    community = models.SlugField(max_length=64)
    carrier = models.CharField(_("carrier"), max_length=64)
    name = models.CharField(_("account"), max_length=170)
    cursor = models.TextField(blank=True)
    """Up to where everything it told is kept, in the carrier's own words."""
    heard_at = models.DateTimeField(_("last heard"), null=True, blank=True)
    """When it was last asked and answered, even if nothing was new."""
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    """Why it cannot be heard just now: an English sentence that is translated when it is shown."""
    failures = models.PositiveIntegerField(default=0)
    """In a row."""
    next_at = models.DateTimeField()
    """When it is asked again; while somebody asks, until when it is theirs."""
    busy_until = models.DateTimeField(null=True, blank=True)
    """While somebody asks, until when it is theirs."""
    woken = models.BooleanField(default=False)
    """Something new is there, and came while somebody asked: it is asked again at once."""
    bad = models.PositiveBigIntegerField(_("could not be read"), default=0)
    made_at = models.DateTimeField(_("connected"))

    class Meta:
        verbose_name = _("live account")
        verbose_name_plural = _("live accounts")
        ordering = ["community", "carrier", "name"]
        constraints = [models.UniqueConstraint(fields=["community", "carrier", "name"], name="each_account_once")]
        indexes = [
            models.Index(fields=["next_at"], name="accounts_by_turn"),
            models.Index(fields=["community"], name="accounts_in_trouble", condition=~models.Q(trouble="")),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def account(self) -> Account:
        return Account(self.community, self.carrier, self.name)


class BadRecord(models.Model):
    """A record that could not be read, kept as it was: of an import, or of a live account."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, null=True, blank=True, related_name="bad_records")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, null=True, blank=True, related_name="bad_records")
    file = models.CharField(_("file"), max_length=300)
    line = models.PositiveBigIntegerField(_("line"), null=True, blank=True)
    field = models.CharField(_("field"), max_length=80, blank=True)
    problem = models.CharField(_("what is wrong"), max_length=300)
    raw = models.TextField(_("the record"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__isnull=True) ^ models.Q(connection__isnull=True), name="bad_records_are_somebodys"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"
