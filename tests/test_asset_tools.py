"""The tools that make what a checkout lacks: browser files and compiled translations."""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


static_files = tool("static_files")
translations = tool("translations")


def test_the_lock_names_no_registry_and_agrees_with_the_manifest() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    assert "http" not in text.replace("https://github.com", "").replace("https://opencollective.com", "").replace(
        "https://tidelift.com", ""
    )
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert json.loads(text)["packages"][""]["dependencies"] == asked


def fake_modules(folder: Path) -> Path:
    modules = folder / "node_modules"
    for source in static_files.FILES.values():
        path = modules / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* {source} */\n//# sourceMappingURL=x.map\n", encoding="utf-8")
    icons = modules / "@tabler/icons/icons/outline"
    icons.mkdir(parents=True)
    for name in static_files.ICONS:
        frame = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
        (icons / f"{name}.svg").write_text(f'<svg\n>\n  {frame}\n  <path d="M1 1" />\n</svg>', encoding="utf-8")
    (folder / "package-lock.json").write_text('{"packages": {"": {}}}', encoding="utf-8")
    return modules


def test_files_are_gathered_compressed_and_without_maps(tmp_path: Path) -> None:
    static_files.gather(fake_modules(tmp_path), tmp_path / "out")
    made = (tmp_path / "out/htmx.js").read_bytes()
    assert b"sourceMappingURL" not in made
    assert gzip.decompress((tmp_path / "out/htmx.js.gz").read_bytes()) == made
    sprite = (tmp_path / "out/icons.svg").read_text(encoding="utf-8")
    assert '<symbol id="users" viewBox="0 0 24 24"><path d="M1 1" /></symbol>' in sprite
    assert "M0 0h24v24H0z" not in sprite


def test_a_file_or_icon_that_is_not_there_is_named(tmp_path: Path) -> None:
    modules = fake_modules(tmp_path)
    (modules / "@tabler/icons/icons/outline/users.svg").unlink()
    with pytest.raises(static_files.Failed, match="no outline icon called users"):
        static_files.gather(modules, tmp_path / "out")
    (modules / "htmx.org/dist/htmx.min.js").unlink()
    with pytest.raises(static_files.Failed, match=r"htmx\.org/dist/htmx\.min\.js is not in the installed packages"):
        static_files.gather(modules, tmp_path / "out")


def test_what_is_built_is_not_built_again_until_the_lock_changes(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    mark = static_files.wanted(tmp_path)
    (vendor / static_files.STAMP).write_text(mark, encoding="ascii")
    assert static_files.build_static(tmp_path, vendor, tmp_path / "build") is False
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    assert static_files.wanted(tmp_path) != mark
    assert not static_files.is_built(vendor, static_files.wanted(tmp_path))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two rooms that say the same thing."""
    for room in ("first", "second"):
        (tmp_path / room / "templates").mkdir(parents=True)
        source = '_("Group")\nngettext("%(n)d day", "%(n)d days", n)\npgettext("of a person", "Name")\n'
        (tmp_path / room / "models.py").write_text(source, encoding="utf-8")
        page = '{% load i18n %}{% translate "Save" %}{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}'
        (tmp_path / room / "templates/page.html").write_text(page, encoding="utf-8")
        write(tmp_path, room)
    return tmp_path


def write(package: Path, room: str, **changed: str) -> None:
    said = {"Group": "群", "Save": "保存", "Hello %(name)s": "你好，%(name)s", **changed}
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    catalogue.extend(polib.POEntry(msgid=key, msgstr=value) for key, value in said.items())
    catalogue.append(polib.POEntry(msgid="%(n)d day", msgid_plural="%(n)d days", msgstr_plural={0: "%(n)d 天"}))
    catalogue.append(polib.POEntry(msgid="Name", msgctxt="of a person", msgstr="姓名"))
    path = package / room / "locale/zh_Hans/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def test_complete_catalogues_pass_and_compile(package: Path) -> None:
    assert translations.check(package) == []
    assert translations.compile_all(package) == 2
    assert translations.compile_all(package) == 0
    made = polib.mofile(str(package / "first/locale/zh_Hans/LC_MESSAGES/django.mo"))
    assert made.find("Save").msgstr == "保存"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"Save": ""}, "'Save' has no translation"),
        ({"Hello %(name)s": "你好"}, "has other placeholders than its translation"),
        ({"Hello %(name)s": "你好，%(nmae)s"}, "has other placeholders than its translation"),
        ({"Group": "群聊"}, "'Group' is translated in 2 ways"),
        ({"Gone": "没了"}, "'Gone' is asked for nowhere any more"),
    ],
)
def test_what_is_wrong_is_said(package: Path, changed: dict[str, str], fault: str) -> None:
    write(package, "second", **changed)
    assert any(fault in said for said in translations.check(package))


def test_a_string_of_the_source_must_be_in_the_catalogue(package: Path) -> None:
    source = package / "first/templates/page.html"
    source.write_text(source.read_text(encoding="utf-8") + '{% translate "New" context "of a tag" %}', encoding="utf-8")
    [fault] = translations.check(package)
    assert fault.endswith("first/locale/zh_Hans/LC_MESSAGES/django.po: 'New' is missing (asked for in page.html)")


def test_the_consoles_own_catalogue_is_complete() -> None:
    faults = translations.check(ROOT / "src/huoqun")
    assert [fault for fault in faults if fault.startswith("huoqun/console/")] == []
