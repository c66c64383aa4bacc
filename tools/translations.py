#!/usr/bin/env python
"""The catalogues of all rooms: compile them, collect new strings, check that the Chinese is complete.

translations.py            every locale/*/LC_MESSAGES/django.po becomes a .mo (needs polib only)
translations.py --check    every string of the source is in its room's catalogue, translated, once and in one way
translations.py --collect  run Django's makemessages in every room (needs gettext)
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/huoqun"
LANGUAGE = "zh_Hans"

GETTERS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURALS = {"ngettext", "ngettext_lazy"}
CONTEXTS = {"pgettext", "pgettext_lazy"}

Key = tuple[str | None, str]
"""A string with its context."""

STRING = r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\""""
CALL = re.compile(rf"(?<!\w)(gettext|ngettext|pgettext|_)\(\s*({STRING})(?:\s*,\s*({STRING}))?")
"""What templatize makes of a template's strings."""

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogues(package: Path = PACKAGE) -> list[Path]:
    return sorted(package.glob("**/locale/*/LC_MESSAGES/django.po"))


def compile_all(package: Path = PACKAGE) -> int:
    """Afterwards every catalogue has a .mo as new as itself. Answers how many had to be made."""
    made = 0
    for source in catalogues(package):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            made += 1
    return made


def rooms(package: Path = PACKAGE) -> list[Path]:
    """Every folder with sources or templates of its own, and what is an app within a room, as a carrier with tables is."""
    folders = [folder for folder in package.iterdir() if folder.is_dir() and any(folder.rglob("*.py"))]
    return sorted([*folders, *(app for folder in folders for app in apps_within(folder))])


def apps_within(room: Path) -> list[Path]:
    return [path.parent for path in room.glob("*/apps.py")]


def sources(room: Path, pattern: str) -> Iterator[Path]:
    """Without tests, and without what has a catalogue of its own."""
    skipped = {"tests", "migrations"}
    others = apps_within(room)
    return (
        path
        for path in sorted(room.rglob(pattern))
        if not skipped & set(path.relative_to(room).parts) and not any(other in path.parents for other in others)
    )


# What the source asks for


def literal(node: ast.expr) -> str | None:
    """A string written out, also in parts; None for anything computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_python(text: str) -> Iterator[Key]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [literal(argument) for argument in node.args]
        if name in GETTERS | PLURALS and words and words[0] is not None:
            yield None, words[0]
        elif name in CONTEXTS and len(words) > 1 and words[1] is not None:
            yield words[0], words[1]


def in_template(text: str) -> Iterator[Key]:
    """Django turns a template's strings into calls, which is what xgettext reads too."""
    from django.utils.translation.template import templatize  # noqa: PLC0415  compiling does without Django

    for name, first, second in CALL.findall(templatize(text)):
        words = ast.literal_eval(first)
        yield (words, ast.literal_eval(second)) if name == "pgettext" else (None, words)


def asked_for(room: Path) -> dict[Key, Path]:
    """Every string the room's sources want translated, and one file that wants it."""
    found: dict[Key, Path] = {}
    for path in sources(room, "*.py"):
        found.update(dict.fromkeys(in_python(path.read_text(encoding="utf-8")), path))
    for path in (path for pattern in ("*.html", "*.txt") for path in sources(room, f"templates/**/{pattern}")):
        found.update(dict.fromkeys(in_template(path.read_text(encoding="utf-8")), path))
    return {key: path for key, path in found.items() if key[1]}


# What the catalogues answer


def translations_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def faults_of(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "is marked fuzzy: look at it and take the mark away"
    for words in translations_of(entry):
        if not words:
            yield "has no translation"
        elif not placeholders_agree(entry, words):
            yield f"has other placeholders than its translation {words!r}"


def placeholders_agree(entry: polib.POEntry, words: str) -> bool:
    """The translation may only use what is given; of a single form it must use all. A plural may leave the number out."""
    given = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural or "")}
    used = set(PLACEHOLDER.findall(words))
    return used <= given if entry.msgid_plural else used == given


def check(package: Path = PACKAGE) -> list[str]:
    """What is wrong, a line each; empty when all is well."""
    faults: list[str] = []
    answers: dict[Key, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for room in rooms(package):
        path = room / f"locale/{LANGUAGE}/LC_MESSAGES/django.po"
        wanted = asked_for(room)
        known: dict[Key, polib.POEntry] = {}
        if path.exists():
            known = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
        shown = path.relative_to(package.parent)
        missing = ((key[1], where.name) for key, where in wanted.items() if key not in known)
        faults += [f"{shown}: {words!r} is missing (asked for in {where})" for words, where in missing]
        faults += [f"{shown}: {key[1]!r} is asked for nowhere any more" for key in known if key not in wanted]
        for key, entry in known.items():
            faults += [f"{shown}: {key[1]!r} {fault}" for fault in faults_of(entry)]
            if all(translations_of(entry)):
                answers[key][tuple(translations_of(entry))].append(room.name)
    return faults + [disagreement(key, ways) for key, ways in answers.items() if len(ways) > 1]


def disagreement(key: Key, ways: dict[tuple[str, ...], list[str]]) -> str:
    said = "; ".join(f"{words[0]!r} in {', '.join(where)}" for words, where in ways.items())
    return f"{key[1]!r} is translated in {len(ways)} ways: {said}. Django mixes all catalogues: choose one, or use pgettext"


def collect(package: Path = PACKAGE) -> None:
    if not shutil.which("xgettext"):
        raise SystemExit("xgettext is not installed: apt-get install gettext (or your system's package of that name)")
    options = ["-l", LANGUAGE, "--no-location", "--no-obsolete", "--ignore=tests/*"]
    command = [sys.executable, str(ROOT / "manage.py"), "makemessages", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    for room in rooms(package):
        if asked_for(room):
            (room / "locale").mkdir(exist_ok=True)
            others = [f"--ignore={app.name}/*" for app in apps_within(room)]
            subprocess.run([*command, *others], cwd=room, check=True, env=environment)


def main(arguments: list[str]) -> None:
    if arguments == ["--check"]:
        faults = check()
        sys.exit("\n".join([*faults, f"{len(faults)} faults in the translations"]) if faults else 0)
    if arguments == ["--collect"]:
        return collect()
    if arguments:
        sys.exit(__doc__)
    sys.stdout.write(f"translations: {compile_all()} compiled, {len(catalogues())} in all\n")


if __name__ == "__main__":
    main(sys.argv[1:])
