"""A column whose text is encrypted at rest: whoever reads the database file or a backup of it alone learns nothing."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField


class Unsealable(Exception):
    """The text was encrypted with another installation's key."""

    def __init__(self) -> None:
        super().__init__(
            "A secret in the database was encrypted with another key than this installation's (data/secrets/vault). "
            "Restore that file together with the database, or enter the secrets of the connected accounts again."
        )


def seal(text: str) -> str:
    """Encrypted and signed; "" stays "". The same text looks different each time."""
    return _box().encrypt(text.encode()).decode("ascii") if text else ""


def unseal(sealed: str) -> str:
    """What was sealed. Raises Unsealable."""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode() if sealed else ""
    except InvalidToken:
        raise Unsealable from None


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.VAULT_KEY.encode()).digest()))


class SealedField(TextField):
    """Text in Python, a sealed text in the database. It cannot be searched for."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(super().get_prep_value(value) or "")

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str:
        return unseal(value or "")
