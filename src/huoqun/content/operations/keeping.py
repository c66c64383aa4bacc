"""Pictures: kept under names of our own, out of reach of the web server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from huoqun.content.errors import NotAPicture
from huoqun.content.models import Broadcast, Picture
from huoqun.content.operations.locking import locked_draft
from huoqun.content.rules.pictures import LARGEST, MOST, kind_of


def place() -> Path:
    """Folder of all pictures. A file there is called by its upload id, which is what actions carry."""
    return Path(settings.UPLOADS) / "pictures"


def check_picture(file: UploadedFile[Any]) -> str:
    """Its kind. Raises NotAPicture for what is none by its content, or is too large."""
    head = file.read(16)
    file.seek(0)
    kind = kind_of(head)
    if kind is None or not file.size or file.size > LARGEST:
        raise NotAPicture(file.name)
    return kind


def add_pictures(broadcast: Broadcast, files: Sequence[UploadedFile[Any]]) -> list[Picture]:
    """All of them or none. Raises NotAPicture, NotADraft."""
    kinds = [check_picture(file) for file in files]
    kept: list[str] = []
    try:
        with transaction.atomic():
            draft = locked_draft(broadcast)
            if draft.pictures.count() + len(files) > MOST:
                raise NotAPicture(f"more than {MOST}")
            return [_kept(draft, file, kind, kept) for file, kind in zip(files, kinds, strict=True)]
    except BaseException:  # the rows are rolled back whatever broke it: their files go with them
        delete_files(kept)
        raise


def _kept(draft: Broadcast, file: UploadedFile[Any], kind: str, kept: list[str]) -> Picture:
    upload_id = f"{uuid4().hex}.{kind}"
    place().mkdir(parents=True, exist_ok=True, mode=0o700)
    kept.append(upload_id)
    with (place() / upload_id).open("xb") as there:
        for chunk in file.chunks():
            there.write(chunk)
    (place() / upload_id).chmod(0o600)
    name = (file.name or "").replace("\0", "")[-150:]
    return Picture.objects.create(broadcast=draft, upload_id=upload_id, name=name, kind=kind, size=file.size or 0)


def drop_picture(picture: Picture) -> None:
    """Raises NotADraft once the broadcast was sent."""
    with transaction.atomic():
        locked_draft(picture.broadcast)
        picture.delete()
        transaction.on_commit(lambda: delete_files([picture.upload_id]))


def delete_files(upload_ids: Iterable[str]) -> None:
    for upload_id in upload_ids:
        (place() / upload_id).unlink(missing_ok=True)
