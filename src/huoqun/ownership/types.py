"""What a room hands over when it gives somebody something to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huoqun.community.models import Community, Group, Identity
from huoqun.console.models import Staff
from huoqun.vocabulary.actions import Action, Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Give:
    """`key` names the wish for good: given again, nothing changes. `room` and `about` say whose it is ("sop", "run/17").

    With an `action` everything prepared (text, pictures, link) is taken from it, and the carrier's own event may prove it done;
    without one a `title` is needed. `to` is whom it is meant for; else the group's operator, else the leads.
    """

    community: Community
    key: str
    room: str
    about: str
    due_at: datetime
    title: str = ""
    why: str = ""
    action: Action | None = None
    group: Group | None = None
    member: Identity | None = None
    text: str = ""
    pictures: tuple[str, ...] = ()
    link: Link | None = None
    place: str = ""
    who: str = ""
    expires_at: datetime | None = None
    request: str = ""
    """The outbox's key of the request this came from; it is confirmed when the to-do is done."""
    to: Staff | None = None
    to_leads: bool = False
    """Not to whoever runs the group, but to the leads."""
    wants: str = ""
    """What has to be shown before it is done: "picture", "link", "number" or "note"; "": saying so is enough."""
    by: Staff | None = None
