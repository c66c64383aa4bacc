"""Which list of a group's members is known here, by the carrier's own mark of it (sheet 6.1)."""

from __future__ import annotations

from collections.abc import Collection

from huoqun.carriers.wecom.models import Chat, Corp


def version_of(corp: Corp, chat_id: str) -> str:
    """ "" where none is known: then the group has to be read."""
    return Chat.objects.filter(corp=corp, chat_id=chat_id).values_list("version", flat=True).first() or ""


def known(corp: Corp, chat_ids: Collection[str]) -> dict[str, str]:
    """The same for several; groups nobody has read are left out."""
    return dict(Chat.objects.filter(corp=corp, chat_id__in=chat_ids).values_list("chat_id", "version"))


def keep_version(corp: Corp, chat_id: str, version: str) -> None:
    """Call it in the transaction in which the change is stored that leads to this version."""
    Chat.objects.update_or_create(corp=corp, chat_id=chat_id, defaults={"version": version})
