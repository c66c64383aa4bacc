"""The only place which changes this room's rows."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from huoqun.console import queries, rules
from huoqun.console.models import Export, OneTimeLink, Passport, Role, Staff


class LinkNotGood(Exception):
    """The link cannot be used any more; `why` says which page to show."""

    def __init__(self, why: rules.LinkIs) -> None:
        super().__init__(why)
        self.why = why


def first_admin(*, name: str = "") -> Staff:
    """The account of whoever starts the installation, made when there is none yet; it has no password, only a link opens it."""
    with transaction.atomic():
        known = Staff.objects.filter(role=Role.ADMIN, is_active=True).order_by("pk").first()
        return known or add_staff("admin", name=name, role=Role.ADMIN)


def add_staff(username: str, *, name: str = "", role: Role = Role.OBSERVER, zone: str = "", language: str = "zh-hans") -> Staff:
    """A new account without a password. Raises ValidationError for a name that is taken or not allowed."""
    staff = Staff(username=username, name=name, role=role, zone=zone or settings.DEFAULT_ZONE, language=language)
    staff.set_unusable_password()
    staff.full_clean()
    staff.save()
    return staff


def one_time_link(staff: Staff, *, now: datetime, by: Staff | None = None) -> str:
    """The address that lets this person in once, within a day, to set a password. Links made before stop working."""
    token = secrets.token_urlsafe(rules.LINK_BYTES)
    with transaction.atomic():
        staff.one_time_links.filter(used_at=None).delete()
        OneTimeLink.objects.create(
            staff=staff, digest=rules.digest(token), made_at=now, made_by=by, expires_at=now + rules.LINK_LIVES
        )
    return settings.PUBLIC_URL + reverse("console:link", args=[token])


@transaction.atomic
def set_password_by_link(token: str, password: str, *, now: datetime) -> Staff:
    """Use the link up and set the password; all other sign-ins of the account end. Raises LinkNotGood the second time."""
    link = queries.link(token)
    why = queries.link_is(link, now=now)
    if link is None or why is not rules.LinkIs.GOOD:
        raise LinkNotGood(why)
    # Two clicks at once: one of them changes the row, the other one changes nothing.
    if not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise LinkNotGood(rules.LinkIs.USED)
    link.staff.set_password(password)
    link.staff.save(update_fields=["password"])
    return link.staff


@transaction.atomic
def change_role(staff: Staff, role: Role) -> None:
    """Raises ValidationError where nobody would be left to administer."""
    if role != Role.ADMIN:
        _keep_an_admin(staff)
    staff.role = role
    staff.save(update_fields=["role"])


@transaction.atomic
def deactivate(staff: Staff) -> None:
    """The account can no longer sign in, its open sign-ins and links end. What it did stays. Raises as `change_role`."""
    _keep_an_admin(staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    staff.one_time_links.filter(used_at=None).delete()


def activate(staff: Staff) -> None:
    staff.is_active = True
    staff.save(update_fields=["is_active"])


def _keep_an_admin(staff: Staff) -> None:
    # Locked, so that two administrators cannot take each other's role at the same time.
    admins = Staff.objects.select_for_update().filter(role=Role.ADMIN, is_active=True)
    if not rules.may_step_down(staff.pk, {one.pk for one in admins}):
        raise ValidationError(_("Somebody must be able to administer: make another account administrator first."))


class PassportTaken(Exception):
    """It is another colleague's; `holder` is who."""

    def __init__(self, holder: Staff) -> None:
        super().__init__(f"this account belongs to {holder} here")
        self.holder = holder


@transaction.atomic
def give_passport(staff: Staff, issuer: str, native_id: str, *, by: Staff, now: datetime) -> Passport:
    """From now on whoever shows this account comes in as `staff`; one they had from this issuer is replaced.

    Raises PassportTaken where it opens another colleague's account: nobody's way in changes hands by itself.
    """
    known = Passport.objects.select_related("staff").filter(issuer=issuer, native_id=native_id).first()
    if known is not None and known.staff_id != staff.pk:
        raise PassportTaken(known.staff)
    facts = {"native_id": native_id, "made_at": now, "made_by": by, "used_at": None}
    return known or Passport.objects.update_or_create(staff=staff, issuer=issuer, defaults=facts)[0]


def take_passport(passport: Passport) -> None:
    passport.delete()


def show_passport(issuer: str, native_id: str, *, now: datetime) -> Staff | None:
    """Whose account it opens; None: nobody's, or one that is switched off."""
    known = queries.passport(issuer, native_id)
    if known is None:
        return None
    Passport.objects.filter(pk=known.pk).update(used_at=now)
    return known.staff


def choose_language(staff: Staff, language: str) -> None:
    """Raises ValidationError for a language we do not speak."""
    staff.language = language
    staff.full_clean(exclude=[field.name for field in Staff._meta.fields if field.name != "language"])
    staff.save(update_fields=["language"])


def log_export(what: str, *, kind: str, query: str, rows: int, by: Staff, now: datetime) -> None:
    """Write down that somebody took a list away; before the file is made, so that half a download is seen too."""
    Export.objects.create(what=what, kind=kind, query=query, rows=rows, by=by, at=now)
