"""Who may sign in to the console."""

from __future__ import annotations

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

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.OBSERVER)
    zone = models.CharField(_("time zone"), max_length=64, default=default_zone)
    language = models.CharField(_("language"), max_length=16, default="zh-hans")

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")

    def __str__(self) -> str:
        return self.get_full_name() or self.username
