"""Take back what an import made known."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from huoqun.community.models import Community, Group, Identity, Membership, Person
from huoqun.community.parts import parts


@transaction.atomic
def forget_import(community: Community, import_id: int, *, groups_left: Collection[int], people_left: Collection[int]) -> None:
    """Groups and identities first seen in this import go with their memberships, unless history still speaks of them.

    `groups_left` and `people_left` are the keys that history holds after the import's rows are gone. Whoever stays because
    another source knows them too belongs to that source from now on.
    """
    _drop(Group, community, import_id, set(groups_left))
    _drop(Identity, community, import_id, set(people_left))
    Membership.objects.filter(group__community=community, import_id=import_id).update(import_id=None)
    Person.objects.filter(community=community, identities__isnull=True).delete()


def _drop(model: type[Group] | type[Identity], community: Community, import_id: int, left: set[int]) -> None:
    rows = dict(model.objects.filter(community=community, import_id=import_id).values_list("key", "id"))
    for ids in parts(row for key, row in rows.items() if key not in left):
        model.objects.filter(id__in=ids).delete()
    model.objects.filter(community=community, import_id=import_id).update(import_id=None)
