"""What is said to many at once, to whom, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.community.models import Community, Group, Identity
from huoqun.content.rules.choosing import LeftOut
from huoqun.content.words import LEFT_OUT, OUTCOMES
from huoqun.outbox.rules.quiet import QuietHours
from huoqun.vocabulary.actions import Body, Link
from huoqun.vocabulary.ids import Account


class Broadcast(models.Model):
    """Written once, sent to groups, to members, or as a moment to colleagues' customers. Once it is sent nobody changes it."""

    class To(models.TextChoices):
        GROUPS = "groups", _("groups: a post in each")
        MEMBERS = "members", _("their members: a private message to each")
        MOMENTS = "moments", _("customers' moments: a post by each colleague")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PLANNED = "planned", _("planned")
        GOING = "going", _("going out")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="broadcasts")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    link_url = models.CharField(_("link"), max_length=1000, blank=True)
    link_title = models.CharField(_("title of the link"), max_length=120, blank=True)
    link_description = models.CharField(_("description of the link"), max_length=300, blank=True)
    to = models.CharField(_("goes to"), max_length=8, choices=To, default=To.GROUPS)
    questions = models.JSONField(default=dict)
    """Who: {"own": what the form narrows by, "view": what the saved view narrowed by when it was chosen}, each as a list page's
    address has it. A copy: a view that is changed or removed later widens nothing.
    """
    view_name = models.CharField(max_length=80, blank=True)
    send_at = models.DateTimeField(_("when"), null=True, blank=True)
    """None: as soon as somebody says send."""
    spread_minutes = models.PositiveIntegerField(_("spread over minutes"), default=0)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True)
    planned_at = models.DateTimeField(null=True)
    """Everybody it goes to has been asked for."""
    ended_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        indexes = [models.Index(fields=["community", "-id"], name="broadcasts_latest")]

    def __str__(self) -> str:
        return self.title

    @property
    def run(self) -> str:
        """Under this name the outbox knows all of it together."""
        return f"broadcast/{self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.PLANNED, self.State.GOING}

    @property
    def quiet(self) -> QuietHours | None:
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_to, self.community.zone)

    def body(self, text: str, pictures: tuple[str, ...]) -> Body:
        link = Link(url=self.link_url, title=self.link_title, description=self.link_description) if self.link_url else None
        return Body(text=text, pictures=pictures, link=link)


class Picture(models.Model):
    """A picture of a broadcast. Its file lies under the upload id, out of reach of the web server."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="pictures")
    upload_id = models.CharField(max_length=60, unique=True)
    name = models.CharField(_("file name"), max_length=150)
    kind = models.CharField(max_length=16)
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Recipient(models.Model):
    """A group or person as it was when the broadcast was planned, and what became of it there."""

    class Kind(models.TextChoices):
        GROUP = "group", _("group")
        PERSON = "person", _("person")
        COLLEAGUE = "staff", _("colleague")

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="recipients")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.BigIntegerField()
    """`vocabulary.ids.group_key` or `person_key`."""
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="+")
    """For a person: the group they are known from."""
    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    by_hand = models.BooleanField(_("by hand"), default=False)
    """No live account reaches them: a person posts it."""
    request_key = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField(_("due"), null=True)
    left_out = models.CharField(_("left out"), max_length=12, blank=True, choices=list(LEFT_OUT.items()))
    outcome = models.CharField(_("how it went"), max_length=12, blank=True, choices=list(OUTCOMES.items()))
    reason = models.CharField(_("why"), max_length=500, blank=True)
    message_id = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(_("since"), null=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        indexes = [
            models.Index(fields=["broadcast", "left_out", "outcome"], name="recipients_counted"),
            models.Index(fields=["key"], name="recipients_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.request_key}: {self.left_out or self.outcome or 'waiting'}"


class Way(models.Model):
    """Through which account a group was last heard of, so through which it is spoken to."""

    group_key = models.BigIntegerField(unique=True)
    community = models.CharField(max_length=64)
    carrier = models.CharField(max_length=64)
    account = models.CharField(max_length=170)
    heard_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["community"], name="ways_in_a_community")]

    def __str__(self) -> str:
        return f"{self.group_key} through {self.through}"

    @property
    def through(self) -> Account:
        return Account(self.community, self.carrier, self.account)


__all__ = ["Broadcast", "LeftOut", "Picture", "Recipient", "Way"]
