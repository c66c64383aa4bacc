"""Who may sign in to the console, with which link for the first time, and who took which list away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody may do, most first. What they may see is decided in `community.queries`."""

    ADMIN = "admin", _("Administrator")
    LEAD = "lead", _("Lead")
    OPERATOR = "operator", _("Operator")
    OBSERVER = "observer", _("Observer")


def default_zone() -> str:
    return settings.DEFAULT_ZONE


class Staff(AbstractUser):
    """An account of the company's own people. The time zone and language are theirs; data stays in UTC."""

    first_name: Any = None
    last_name: Any = None
    """Chinese names have no such parts: `name` is the whole."""
    name = models.CharField(_("name"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.OBSERVER)
    zone = models.CharField(_("time zone"), max_length=64, default=default_zone)
    language = models.CharField(_("language"), max_length=16, choices=settings.LANGUAGES, default="zh-hans")

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class OneTimeLink(models.Model):
    """Lets one person in once, to set a password. Only a digest is kept: who reads the table cannot use the links."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="one_time_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")
    """Empty: made by the installation itself, at its first start or on its command line."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.staff}, {self.made_at:%Y-%m-%d %H:%M}"


class Passport(models.Model):
    """An account with another house that proves who somebody is: whoever shows it there comes in here.

    `issuer` is a house that can be asked ("wecom/ww123"), `native_id` who they are to it.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="passports")
    issuer = models.CharField(max_length=200)
    native_id = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "native_id"], name="one_account_a_passport"),
            models.UniqueConstraint(fields=["issuer", "staff"], name="one_passport_an_issuer"),
        ]

    def __str__(self) -> str:
        return f"{self.native_id} @ {self.issuer}"


class Export(models.Model):
    """A list somebody took away as a file."""

    what = models.CharField(_("list"), max_length=80)
    kind = models.CharField(_("format"), max_length=8)
    query = models.TextField(_("filters"), blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    by = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.what}.{self.kind}"
