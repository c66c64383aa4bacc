"""Building the stand-in library where it is needed: once a source, with the machine's own compiler."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCE = Path(__file__).with_name("library.c")


class NoCompiler(RuntimeError):
    """There is no C compiler here: use the twin in Python."""


def built_library(folder: Path | None = None) -> Path:
    """The library as a file, built unless that source was built here before. Raises NoCompiler."""
    compiler = shutil.which(os.environ.get("CC") or "cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoCompiler("no C compiler (cc, gcc or clang) on this machine; the twin in Python does the same")
    place = folder or Path(tempfile.gettempdir()) / f"wecom-sandbox-{os.getuid()}"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    library = place / f"libwework_sandbox-{hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:12]}.so"
    if not library.exists():
        _build(compiler, library)
    return library


def _build(compiler: str, library: Path) -> None:
    """Into a file beside it first: two processes may build at the same time."""
    unfinished = library.with_suffix(f".{os.getpid()}")
    subprocess.run([compiler, "-O2", "-fPIC", "-shared", "-o", str(unfinished), str(SOURCE)], check=True)  # noqa: S603 - our own source
    unfinished.replace(library)
