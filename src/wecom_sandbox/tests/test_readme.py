"""The README knows every control and every deed."""

from __future__ import annotations

from pathlib import Path

from wecom_sandbox.control.registry import known
from wecom_sandbox.people.registry import DEEDS
from wecom_sandbox.settings import Settings
from wecom_sandbox.tests.caller import Caller

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_every_deed_is_told(caller: Caller) -> None:
    assert [name for name in DEEDS if f"`{name}`" not in README] == []


def test_every_control_is_told(caller: Caller) -> None:
    paths = {entry.split()[1].rstrip("*") for entry in known()} - {"/", "/sandbox"}
    told = [path for path in paths if path in README or path.removeprefix("/sandbox/archive/") in README]
    assert sorted(paths - set(told)) == []


def test_every_setting_is_read_somewhere() -> None:
    """A setting which nothing asks for would be a promise nobody keeps."""
    folder = Path(__file__).parent.parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py") if "tests" not in path.parts)
    assert [name for name in Settings.__slots__ if code.count(f".{name}") == 0] == []
