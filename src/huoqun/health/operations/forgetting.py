"""Takes erased people out of the snapshots."""

from __future__ import annotations

from collections.abc import Collection

from huoqun.community.models import Community
from huoqun.health.models import GroupGraph, GroupHealth, PersonRole, Unanswered


def forget_people(community: Community, people: Collection[int]) -> None:
    """Takes erased people out of the snapshots; the counts stay."""
    PersonRole.objects.filter(group__community=community, identity__key__in=people).delete()
    asked = Unanswered.objects.filter(group__community=community)
    asked.filter(author__key__in=people).delete()
    for row in asked.exclude(around=[]).iterator():
        kept = [said for said in row.around if said["author"] not in people]
        if len(kept) != len(row.around):
            Unanswered.objects.filter(id=row.id).update(around=kept)
    _forget_in_causes(community, people)
    _forget_in_graphs(community, people)


def _forget_in_causes(community: Community, people: Collection[int]) -> None:
    for row in GroupHealth.objects.filter(audit__community=community).exclude(causes=[]).only("causes").iterator():
        kept = [cause | {"messages": [m for m in cause["messages"] if m["author"] not in people]} for cause in row.causes]
        if kept != row.causes:
            GroupHealth.objects.filter(id=row.id).update(causes=kept)


def _forget_in_graphs(community: Community, people: Collection[int]) -> None:
    """A graph with an erased person in it goes; the next audit draws it without them."""
    for graph in GroupGraph.objects.filter(group__community=community).only("people").iterator():
        if any(person["key"] in people for person in graph.people):
            GroupGraph.objects.filter(id=graph.id).delete()
