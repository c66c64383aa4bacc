"""What somebody new is welcomed with, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.admission.words import OUTCOMES
from huoqun.community.models import Community
from huoqun.vocabulary.actions import Body, Link


class Welcome(models.Model):
    """The first words to those who come by one source; source "" is for everybody who has no text of their own."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="welcomes")
    source = models.CharField(_("for those who come by"), max_length=64, blank=True)
    text = models.TextField(_("text"))
    link_url = models.CharField(_("link"), max_length=1000, blank=True)
    link_title = models.CharField(_("title of the link"), max_length=60, blank=True)
    is_on = models.BooleanField(_("welcome them"), default=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("welcome")
        verbose_name_plural = _("welcomes")
        ordering = ["community", "source"]
        constraints = [models.UniqueConstraint(fields=["community", "source"], name="one_welcome_a_source")]

    def __str__(self) -> str:
        return self.source or "*"

    def body(self, text: str) -> Body:
        """`text`: filled in."""
        return Body(text=text, link=Link(url=self.link_url, title=self.link_title) if self.link_url else None)


class Greeting(models.Model):
    """Somebody has become a colleague's contact; whether they were welcomed, how soon, and if not, why."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="greetings")
    key = models.CharField(max_length=200)
    """What the welcome was asked for under; without one, the name of their coming."""
    person_key = models.BigIntegerField()
    staff_key = models.BigIntegerField()
    """Keys of their identities (`vocabulary.ids.person_key`)."""
    source = models.CharField(_("came by"), max_length=64, blank=True)
    came_at = models.DateTimeField(_("came"))
    text = models.TextField(_("text"), blank=True)
    outcome = models.CharField(_("how it went"), max_length=12, choices=list(OUTCOMES.items()))
    reason = models.CharField(_("why"), max_length=500, blank=True)
    """An English sentence that is translated when it is shown."""
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("greeting")
        verbose_name_plural = _("greetings")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["community", "key"], name="each_greeting_once")]
        indexes = [
            models.Index(fields=["community", "came_at"], name="greetings_lately"),
            models.Index(fields=["person_key"], name="greetings_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.outcome}"

    @property
    def seconds(self) -> int | None:
        """How long they waited for it."""
        if self.settled_at is None or self.outcome != "sent":
            return None
        return max(0, round((self.settled_at - self.came_at).total_seconds()))
