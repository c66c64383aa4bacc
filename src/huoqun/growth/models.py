"""The codes by which people come in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.community.models import Community, Group, Identity
from huoqun.growth.rules import LONGEST_TITLE, Kind, State, source_of
from huoqun.growth.words import KINDS, STATES
from huoqun.vocabulary.ids import Account


class LiveCode(models.Model):
    """One code or link, and where it leads now. What it is called and where it leads may change; its source never does."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="live_codes")
    kind = models.CharField(_("leads"), max_length=8, choices=list(KINDS.items()))
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    carrier = models.CharField(max_length=32)
    account = models.CharField(max_length=170)
    groups = models.ManyToManyField(Group, through="Step", related_name="live_codes")
    colleagues = models.ManyToManyField(Identity, blank=True, related_name="contact_codes")
    new_groups = models.CharField(_("new groups are called"), max_length=40, blank=True)
    asks_first = models.BooleanField(_("the colleague says yes first"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=list(STATES.items()), default=State.ASKED)
    trouble = models.CharField(max_length=500, blank=True)
    """Why the last wish about it was not done: a carrier's sentence, translated when it is shown."""
    link_id = models.CharField(max_length=500, blank=True)
    """What the carrier calls it."""
    link = models.CharField(_("link"), max_length=1000, blank=True)
    """Where its picture is, or what was entered by hand."""
    version = models.PositiveIntegerField(default=0)
    """Grows with every wish, so that what is heard of an older one changes nothing."""
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(_("no longer in use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("live code")
        verbose_name_plural = _("live codes")
        indexes = [models.Index(fields=["community", "-id"], name="live_codes_latest")]

    def __str__(self) -> str:
        return self.title

    @property
    def through(self) -> Account:
        return Account(self.community.slug, self.carrier, self.account)

    @property
    def source(self) -> str:
        return source_of(self.pk)

    @property
    def is_join(self) -> bool:
        return self.kind == Kind.JOIN


class Step(models.Model):
    """A group which a code fills, in its turn."""

    code = models.ForeignKey(LiveCode, on_delete=models.CASCADE, related_name="steps")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["code", "group"], name="each_group_once_a_code")]

    def __str__(self) -> str:
        return f"{self.code_id}: {self.place}. {self.group_id}"
