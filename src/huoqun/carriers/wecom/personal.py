"""What this carrier's own rows hold about a person: handed out on request, and gone when the person is erased."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from huoqun.carriers.wecom.archive import forgetting
from huoqun.carriers.wecom.archive.operations import forget_licence
from huoqun.carriers.wecom.models import ArchiveConsent, ArchiveFile, ArchiveRaw, Colleague, Deed, Delivery


@transaction.atomic
def forget(community: str, native_ids: Collection[str]) -> None:
    """Rows about them go; a later walk through the directory does not bring them back (`archive.queries.forgotten`). What they
    were asked to confirm stays, without their name: it says what went out. Deliveries go by `callbacks.operations`.
    """
    Colleague.objects.filter(corp__community=community, userid__in=native_ids).delete()
    Deed.objects.filter(corp__community=community, sender__in=native_ids).update(sender="")
    forgetting.forget(community, native_ids)
    forget_licence(community, native_ids)


def about(community: str, native_ids: Collection[str]) -> dict[str, object]:
    """As plain data; nothing of it without a word for what it is."""
    mine = {"corp__community": community}
    return {
        "wecom_colleague": list(
            Colleague.objects.filter(**mine, userid__in=native_ids).values(
                "userid", "name", "departments", "serves", "expected"
            )
        ),
        "wecom_archive_consents": list(
            ArchiveConsent.objects.filter(**mine, person_id__in=native_ids).values("group_id", "answer", "at")
        ),
        "wecom_archive_files": list(
            ArchiveFile.objects.filter(**mine, author_id__in=native_ids).values(
                "group_id", "kind", "name", "size", "at", "state"
            )
        ),
        "wecom_archive_unknown_records": [
            raw
            for native_id in native_ids
            for raw in ArchiveRaw.objects.filter(**mine, raw__contains=native_id).values_list("raw", flat=True)
        ],
        "wecom_messages": [
            body
            for native_id in native_ids
            for body in Delivery.objects.filter(**mine, body__contains=native_id).values_list("body", flat=True)
        ],
    }
