"""A playbook as plain values and back, and the JSON schema of the plain form."""

from __future__ import annotations

from typing import Any

import msgspec

from huoqun.sop.parts.lapse import PATTERNS

from .playbook import Playbook

Plain = dict[str, Any]


def of_plain(plain: object) -> Playbook:
    """Raises msgspec.ValidationError, whose words end in the path of what is wrong."""
    return msgspec.convert(plain, Playbook, dec_hook=_read)


def plain(playbook: Playbook) -> Plain:
    """Without what is as it usually is."""
    found = _plain(playbook)
    assert isinstance(found, dict)
    return found


def schema() -> Plain:
    """JSON Schema 2020-12 of the plain form, for editors and other programs."""
    found = msgspec.json.schema(Playbook, schema_hook=_schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Huoqun playbook", **found}


def _read(kind: type, told: object) -> object:
    if kind not in PATTERNS:
        raise NotImplementedError(kind)
    if not isinstance(told, str):
        raise TypeError(f"{told!r} has to be a text: put it in quotes")
    return kind(told)


def _plain(value: object) -> object:
    match value:
        case msgspec.Struct():
            config = value.__struct_config__
            tag = {config.tag_field: config.tag} if config.tag_field else {}
            return tag | {
                field.encode_name: _plain(told)
                for field in msgspec.structs.fields(value)
                if (told := getattr(value, field.name)) != _usual(field)
            }
        case str():
            return str(value)
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
    return msgspec.to_builtins(value)


def _usual(field: msgspec.structs.FieldInfo) -> object:
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default


def _schema(kind: type) -> Plain:
    if kind not in PATTERNS:
        raise NotImplementedError(kind)
    return {"type": "string", "pattern": PATTERNS[kind]}
