"""What the command says to a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

console = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    console.print(text, markup=False)


class Bad(Protocol):
    """A record that could not be read."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int | None: ...
    @property
    def field(self) -> str: ...
    @property
    def problem(self) -> str: ...


def say_bad(records: Iterable[Bad], translate: Callable[[str], str]) -> None:
    """Where each record stands, and what is wrong with it."""
    for bad in records:
        where = f"{bad.file}:{bad.line}" if bad.line else bad.file
        field = f"{bad.field}: " if bad.field else ""
        say(f"  {printable(f'{where}: {field}{translate(bad.problem)}')}")


def printable(text: str) -> str:
    """Whatever a group or a file calls itself, it does not steer the reader's terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int, str], None]]:
    """A bar; the function it gives takes (done, total, message)."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total or None, description=f"{title} {message}".rstrip())

        yield report
