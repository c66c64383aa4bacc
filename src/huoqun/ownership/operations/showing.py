"""What somebody shows for a to-do. Pictures are kept under names of our own, out of reach of the web server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from huoqun.console.models import Staff
from huoqun.ownership.errors import NotEvidence
from huoqun.ownership.models import Evidence, State, Todo
from huoqun.ownership.operations.doing import do
from huoqun.ownership.rules import evidence
from huoqun.vocabulary.pictures import LARGEST, kind_of

READ = {Evidence.LINK: evidence.link, Evidence.NUMBER: evidence.number, Evidence.NOTE: evidence.note}


def place() -> Path:
    """Folder of all pictures that were shown."""
    return Path(settings.UPLOADS) / "evidence"


def show(todo: Todo, *, said: str = "", picture: UploadedFile[Any] | None = None, by: Staff, now: datetime) -> bool:
    """It is done, and this shows it; shown again before it is final, the later one stands. False: it was closed already.
    Raises NotEvidence.
    """
    kept = _read(todo, said, picture)
    try:
        with transaction.atomic():
            row = Todo.objects.select_for_update(of=("self",)).get(pk=todo.pk)
            if row.state != State.OPEN:
                _drop([kept] if picture else [])
                return False
            before = row.shown if row.wants == Evidence.PICTURE else ""
            row.shown = kept
            row.save(update_fields=["shown"])
            transaction.on_commit(lambda: _drop([before]))
            return do(row, by=by, now=now)
    except BaseException:  # the row is rolled back whatever broke it: its file goes with it
        _drop([kept] if picture else [])
        raise


def _read(todo: Todo, said: str, picture: UploadedFile[Any] | None) -> str:
    if todo.wants == Evidence.PICTURE:
        if picture is None:
            raise NotEvidence(todo.wants)
        return _keep(picture)
    found = READ[Evidence(todo.wants)](said.replace("\0", "")) if todo.wants else said[: evidence.LONGEST]
    if found is None:
        raise NotEvidence(todo.wants)
    return found


def _keep(picture: UploadedFile[Any]) -> str:
    """By its content: a name or a browser's word proves nothing."""
    head = picture.read(16)
    picture.seek(0)
    kind = kind_of(head)
    if kind is None or not picture.size or picture.size > LARGEST:
        raise NotEvidence(Evidence.PICTURE)
    place().mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{uuid4().hex}.{kind}"
    with (place() / name).open("xb") as there:
        for chunk in picture.chunks():
            there.write(chunk)
    (place() / name).chmod(0o600)
    return name


def drop_pictures(todos: Iterable[Todo]) -> None:
    """Of to-dos that are deleted, when that is certain."""
    names = [todo.shown for todo in todos if todo.wants == Evidence.PICTURE and todo.shown]
    transaction.on_commit(lambda: _drop(names))


def _drop(names: Iterable[str]) -> None:
    for name in names:
        if name:
            (place() / Path(name).name).unlink(missing_ok=True)
