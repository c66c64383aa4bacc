"""The log, how far each subscriber has read it, and what it could not take."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.inbox.rules import Why


class Entry(models.Model):
    """One event or fact. Written once, never changed."""

    position = models.BigAutoField(primary_key=True)
    community = models.CharField(max_length=64)
    account = models.CharField(max_length=300)
    """Through which connection it came; facts of our own have "house/<community>"."""
    source_id = models.CharField(max_length=500)
    name = models.CharField(max_length=64)
    """The class in `vocabulary.events` or `vocabulary.facts`."""
    shard = models.SmallIntegerField()
    payload = models.TextField()
    at = models.DateTimeField()
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("entries of the log")
        constraints = [models.UniqueConstraint(fields=["account", "source_id"], name="each_happening_once")]
        indexes = [models.Index(fields=["shard", "position"], name="entries_in_order")]

    def __str__(self) -> str:
        return f"{self.position} {self.name} {self.account}"


class Cursor(models.Model):
    """Up to where a subscriber has read a shard. Whoever moves it holds its row lock and the handler's rows in the same
    transaction.
    """

    subscriber = models.CharField(max_length=64)
    shard = models.SmallIntegerField()
    position = models.BigIntegerField(default=0)
    planned = models.BigIntegerField(null=True)
    """Where the batch under way ends, noted before a handler that writes outside the database is called."""
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "shard"], name="one_cursor_a_shard")]

    def __str__(self) -> str:
        return f"{self.subscriber}/{self.shard} at {self.position}"


REASONS = {
    Why.UNREADABLE: _("This version of Huoqun cannot read the entry."),
    Why.REFUSED: _("The database refused what should have been written."),
    Why.MISSING: _("Something the entry speaks of does not exist (any more)."),
    Why.UNEXPECTED: _("An error nobody expected."),
}


class Parked(models.Model):
    """An entry one subscriber could not take; everything after it went on."""

    subscriber = models.CharField(_("subscriber"), max_length=64)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="parked")
    reason = models.CharField(_("why"), max_length=16, choices=[(why.value, words) for why, words in REASONS.items()])
    error = models.TextField()
    """The whole traceback, for developers. No page shows it."""
    parked_at = models.DateTimeField(_("parked"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    replay_asked_at = models.DateTimeField(null=True)
    replay_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("parked entry")
        verbose_name_plural = _("parked entries")
        constraints = [models.UniqueConstraint(fields=["subscriber", "entry"], name="parked_once_a_subscriber")]
        indexes = [
            models.Index(fields=["-id"], name="parked_open", condition=models.Q(settled_at__isnull=True)),
            models.Index(fields=["id"], name="parked_replay", condition=models.Q(replay_asked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.entry_id}"
