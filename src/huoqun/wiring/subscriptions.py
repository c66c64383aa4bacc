"""Who hears what: the one page where the flow of the house can be read. docs/events.md has the same by event."""

from __future__ import annotations

import huoqun.admission.handlers as admission
import huoqun.community.handlers as community
import huoqun.content.handlers as content
import huoqun.growth.handlers as growth
import huoqun.health.handlers as health
import huoqun.inbox.handlers as inbox
import huoqun.outbox.handlers as outbox
import huoqun.ownership.handlers as ownership
import huoqun.sop.handlers as sop
from huoqun.history.errors import TryAgain
from huoqun.inbox.types import Subscription
from huoqun.vocabulary import events, facts
from huoqun.wiring import recording
from huoqun.wiring.erasing import ask_for_erasure

IN_GROUPS = tuple(events.GROUP_EVENTS.values())

SUBSCRIPTIONS = (
    # History looks for itself what is there already (group and source id), so it needs no note of where a batch ends; an
    # append is dear, so it reads the whole log in one go. A full disk is not the entry's fault.
    Subscription(
        name="history",
        hears=IN_GROUPS,
        handler=recording.record,
        whole_log=True,
        batch=5000,
        apart=True,
        waits_for=(TryAgain, OSError),
    ),
    # Rewriting files takes seconds: too long to hold a transaction, so a job does it.
    Subscription(name="history-erasure", hears=(facts.PersonErased,), handler=ask_for_erasure, whole_log=True),
    Subscription(name="community", hears=IN_GROUPS, handler=community.take_in),
    # A dozen queries for one contact or for a thousand.
    Subscription(
        name="community-contacts",
        hears=community.HEARS_OF_CONTACTS,
        handler=community.take_contacts,
        whole_log=True,
        batch=1000,
    ),
    Subscription(name="community-states", hears=(facts.GroupTurned,), handler=community.keep_states),
    Subscription(name="community-readings", hears=(facts.RosterTaken,), handler=community.keep_readings, whole_log=True),
    Subscription(name="health-audit", hears=health.MAKES_FIGURES_STALE, handler=health.audit_again, whole_log=True),
    Subscription(name="health-erasure", hears=(facts.PersonErased,), handler=health.forget_erased, whole_log=True),
    # There are seconds for it, so it waits for one batch of another at most; one small batch over all shards; see its README.
    Subscription(name="admission", hears=admission.HEARS, handler=admission.hear, whole_log=True, urgent=True),
    Subscription(name="admission-erasure", hears=(facts.PersonErased,), handler=admission.forget_people, whole_log=True),
    # One cursor over all: what the carrier hands over, and the event which proves that it is done, lie in different shards.
    Subscription(name="ownership", hears=ownership.HEARS, handler=ownership.hear, whole_log=True),
    Subscription(name="ownership-erasure", hears=(facts.PersonErased,), handler=ownership.forget_people, whole_log=True),
    # One cursor over all: what was sent, and the words that answer it, lie in different shards.
    Subscription(name="sop", hears=sop.HEARS, handler=sop.hear, whole_log=True),
    Subscription(name="content", hears=(facts.RequestSettled,), handler=content.follow),
    Subscription(name="growth", hears=(facts.RequestSettled,), handler=growth.follow),
    # Usually nothing is new about a way: one read for many events.
    Subscription(name="content-ways", hears=IN_GROUPS, handler=content.keep_ways, whole_log=True, batch=2000),
    Subscription(name="content-erasure", hears=(facts.PersonErased,), handler=content.forget_people, whole_log=True),
    Subscription(name="outbox-erasure", hears=(facts.PersonErased,), handler=outbox.forget_people, whole_log=True),
    Subscription(name="inbox-erasure", hears=(facts.PersonErased,), handler=inbox.forget_people, whole_log=True),
)
