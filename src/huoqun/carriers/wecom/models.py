"""Companies connected through WeCom: their ids and, sealed, what opens their doors."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.console.sealed import SealedField
from huoqun.vocabulary.ids import Account

NAME = "wecom"

API = "https://qyapi.weixin.qq.com"


class Door(models.TextChoices):
    """Which of a company's secrets a call is made with."""

    APP = "app", _("the app")
    CONTACT = "contact", _("customer contact")
    ARCHIVE = "archive", _("conversation archive")


def new_hook() -> str:
    return secrets.token_urlsafe(18)


class Corp(models.Model):
    """A company as one community is connected to it. `community` is a slug; one company may serve several communities."""

    community = models.SlugField(max_length=64)
    corpid = models.CharField(_("company id"), max_length=64)
    name = models.CharField(_("company"), max_length=120, blank=True)
    api = models.URLField(_("address of the interface"), default=API)
    agentid = models.PositiveBigIntegerField(_("app id"), null=True, blank=True)
    hook = models.CharField(max_length=40, unique=True, default=new_hook)
    """Last part of the callback address: nobody guesses it, so a stranger's call is turned away before anything is computed."""
    app_secret = SealedField(blank=True)
    contact_secret = SealedField(blank=True)
    """Older companies have a secret of its own for customer contact; "": the app is allowed to."""
    archive_secret = SealedField(blank=True)
    callback_token = SealedField(blank=True)
    callback_key = SealedField(blank=True)
    """EncodingAESKey: 43 characters."""
    made_at = models.DateTimeField(_("connected"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "corpid"], name="each_company_once_a_community")]

    def __str__(self) -> str:
        return self.name or self.corpid

    @property
    def account(self) -> Account:
        """The account it acts and is heard through: callbacks arrive here."""
        return Account(self.community, NAME, self.corpid)

    @property
    def archive_account(self) -> Account:
        """The account its conversation archive is heard through; what is asked of it is done by the company's own."""
        return Account(self.community, NAME, f"{self.corpid}/archive")

    def secret(self, door: Door) -> str:
        return {
            Door.APP: self.app_secret,
            Door.CONTACT: self.contact_secret or self.app_secret,
            Door.ARCHIVE: self.archive_secret,
        }[door]


class Token(models.Model):
    """An access token: one a company and door, shared by all processes."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="tokens")
    door = models.CharField(max_length=16, choices=Door)
    value = SealedField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    fetched_by = models.CharField(max_length=40, blank=True)
    fetching_until = models.DateTimeField(null=True, blank=True)
    """While somebody asks for a new one, the others wait until here and then do it themselves."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "door"], name="one_token_a_door")]

    def __str__(self) -> str:
        return f"{self.corp_id}/{self.door}"
