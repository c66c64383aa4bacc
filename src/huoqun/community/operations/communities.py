"""Communities and who works in them."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from huoqun.community.errors import SlugTaken
from huoqun.community.models import Community, Seat
from huoqun.console.models import Staff
from huoqun.vocabulary.ids import community_slug


def found(name: str, *, slug: str = "", zone: str, now: datetime) -> Community:
    """A new community. Without a slug one is made from the name. Raises SlugTaken."""
    slug = slug or slugify(name) or community_slug(name)
    try:
        with transaction.atomic():
            return Community.objects.create(slug=slug, name=name, zone=zone, created_at=now)
    except IntegrityError as taken:
        raise SlugTaken(slug) from taken


def find_or_found(name: str, *, zone: str, now: datetime) -> Community:
    """The community of this name or short name, made if there is none."""
    known = Community.objects.filter(name=name).first() or Community.objects.filter(slug=name).first()
    return known or found(name, zone=zone, now=now)


def describe(community: Community, *, name: str, zone: str) -> None:
    """Another zone cuts days elsewhere: the audit's stored days are computed anew by its next run."""
    Community.objects.filter(id=community.id).update(name=name, zone=zone)


def seat(staff: Staff, community: Community) -> Seat:
    """Let somebody work in a community; asking again changes nothing."""
    return Seat.objects.get_or_create(staff=staff, community=community)[0]


def unseat(staff: Staff, community: Community) -> None:
    Seat.objects.filter(staff=staff, community=community).delete()
