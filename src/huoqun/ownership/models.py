"""What somebody is to do, whose hands it went through, who is away, and how colleagues are reached."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.community.models import Community, Group, Identity


class State(models.TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("not wanted any more")
    EXPIRED = "expired", _("its time is over")


class How(models.TextChoices):
    """How it is known to be done."""

    TAP = "tap", _("somebody said so")
    SEEN = "seen", _("seen on the carrier")
    OUTBOX = "outbox", _("confirmed in the outbox")


class Evidence(models.TextChoices):
    """What somebody has to show for it."""

    PICTURE = "picture", _("a picture")
    LINK = "link", _("a link")
    NUMBER = "number", _("a number")
    NOTE = "note", _("a note in words")


class Why(models.TextChoices):
    """Why it went to somebody else."""

    HAND = "hand", _("handed on")
    AWAY = "away", _("away")
    CANNOT = "cannot", _("could not do it")


class Todo(models.Model):
    """One thing for one person, with all it takes. Nobody assigned: any of the community's leads."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="todos", verbose_name=_("community"))
    key = models.CharField(max_length=220)
    title = models.CharField(max_length=200, blank=True)
    """In the words of the room that gave it; empty: by the action (`words.heading`)."""
    why = models.CharField(_("why by hand"), max_length=500, blank=True)
    """In plain words; a sentence of a carrier is translated when it is shown."""
    action = models.CharField(_("action"), max_length=40, blank=True)
    payload = models.TextField(blank=True)
    group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="todos", verbose_name=_("group")
    )
    group_key = models.BigIntegerField(null=True)
    member = models.ForeignKey(
        Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="todos", verbose_name=_("person")
    )
    member_key = models.BigIntegerField(null=True)
    text = models.TextField(_("text"), blank=True)
    pictures = models.JSONField(default=list, blank=True)
    link = models.JSONField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    who = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(_("due by"))
    expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When the leads were told that it is late."""
    assigned = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="todos",
        verbose_name=_("whose"),
    )
    meant_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """Where somebody else got it from the beginning."""
    room = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    request = models.CharField(max_length=200, blank=True)
    given_at = models.DateTimeField(_("given"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    how = models.CharField(_("how it is known"), max_length=8, choices=How, blank=True)
    proof = models.CharField(max_length=500, blank=True)
    """`source_id` of the event that proves it."""
    wants = models.CharField(_("evidence"), max_length=8, choices=Evidence, blank=True)
    """What has to be shown before it is done; empty: saying so is enough."""
    shown = models.CharField(max_length=1000, blank=True)
    """What was shown: the link, the number, the note; of a picture the name of its file (`operations.showing`)."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """From then on it cannot be taken back, and the others have been told."""

    class Meta:
        verbose_name = _("to-do")
        verbose_name_plural = _("to-dos")
        constraints = [models.UniqueConstraint(fields=["key", "community"], name="each_todo_once")]
        indexes = [
            models.Index(fields=["state", "due_at"], name="todos_due"),
            models.Index(fields=["assigned", "state", "due_at"], name="todos_of_somebody"),
            models.Index(fields=["community", "state", "due_at"], name="todos_of_a_community"),
            models.Index(fields=["group_key"], name="todos_to_prove", condition=models.Q(state="open")),
            models.Index(fields=["done_at"], name="todos_to_settle", condition=models.Q(state="done", settled_at=None)),
            models.Index(fields=["request"], name="todos_by_request"),
            models.Index(fields=["member_key"], name="todos_about_somebody"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.action} {self.place or self.group_key or ''}"


class HandOn(models.Model):
    """It went from one to another; nobody stands for the leads."""

    todo = models.ForeignKey(Todo, on_delete=models.CASCADE, related_name="hands")
    at = models.DateTimeField()
    from_staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    to_staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=8, choices=Why)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.todo_id}: {self.from_staff_id} -> {self.to_staff_id}"


class Away(models.Model):
    """Somebody is not there from `start` to before `end`. Without a stand-in their to-dos go to the leads."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", verbose_name=_("colleague")
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until when"))
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stand-in")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        indexes = [models.Index(fields=["end"], name="absences_by_end")]

    def __str__(self) -> str:
        return f"{self.staff_id}: {self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"


class Contact(models.Model):
    """Under which id a colleague is written to, through which of a community's accounts."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="ways_to_colleagues")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contacts")
    carrier = models.CharField(_("carrier"), max_length=64)
    account = models.CharField(_("account"), max_length=170)
    native_id = models.CharField(_("id on the carrier"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "staff"], name="one_contact_each")]

    def __str__(self) -> str:
        return f"{self.native_id} @ {self.carrier}/{self.account}"


class Leaving(models.Model):
    """A colleague hands everything over to another. What becomes of each group and customer the outbox knows, under `run`."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="leavings")
    leaver = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="+")
    leaver_name = models.CharField(max_length=200)
    successor = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="+")
    successor_name = models.CharField(max_length=200)
    resigned = models.BooleanField(default=False)
    words = models.CharField(max_length=200, blank=True)
    groups = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    todos = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["community", "-id"], name="leavings_latest")]

    def __str__(self) -> str:
        return f"{self.leaver_name} -> {self.successor_name}"

    @property
    def run(self) -> str:
        """Under this name the outbox knows all of it together."""
        return f"leaving/{self.pk}"

    @property
    def both(self) -> tuple[Identity, Identity]:
        """Who leaves, and who takes over. Raises ValueError where one of them was erased since."""
        if self.leaver is None or self.successor is None:
            raise ValueError(f"{self.run}: one of them is not known any more")
        return self.leaver, self.successor


__all__ = ["Away", "Contact", "Evidence", "HandOn", "How", "Leaving", "State", "Todo", "Why"]
