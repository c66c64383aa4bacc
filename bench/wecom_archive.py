"""How many messages a second come out of the conversation archive: `python bench/wecom_archive.py --messages 20000`.

A sandbox in a process of its own says so many texts; the stand-in library (the same C functions as WeCom's) brings and opens
them. Beside it the floor: the same records, with nothing done but what nobody can leave out, RSA and reading JSON. Counted in
processor time of this process, as the far side is on the same machine; the wall beside it. WeCom itself gives at most 600
answers of 1,000 records a minute. Printed as Markdown.
"""

from __future__ import annotations

import argparse
import base64
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

GROUPS = 40
GIVEN = 10_000
"""What WeCom gives a second at most."""


def settle(folder: Path) -> None:
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


@contextmanager
def company(messages: int) -> Iterator[Any]:
    """A sandbox with an archive, and the company connected to it."""
    from huoqun.carriers.wecom.archive import operations  # noqa: PLC0415
    from huoqun.carriers.wecom.tests.sandbox import start_sandbox  # noqa: PLC0415
    from wecom_sandbox.archive.build import built_library  # noqa: PLC0415

    sandbox = start_sandbox(process=True, quotas=False)
    os.environ["WEWORK_SANDBOX"] = sandbox.base_url
    try:
        corp = sandbox.corp("bench")
        corp.save()
        key = operations.make_key(corp, by=None, now=datetime.now(UTC))
        sandbox.control("archive/key", {"public_key": key.public})
        for number in range(GROUPS):
            told = {"from": f"wmBench{number}", "to": ["zhangsan"], "roomid": f"wrBench{number}"}
            sandbox.control("archive/fill", {"count": messages // GROUPS, **told})
        from django.conf import settings  # noqa: PLC0415

        settings.WECOM_ARCHIVE_LIBRARY = str(built_library())
        yield corp
    finally:
        sandbox.stop()


class Here:
    """A library whose pages are here already: what is left is opening and reading."""

    def __init__(self, library: Any, pages: dict[int, bytes]) -> None:
        self._library, self._pages = library, pages

    def records(self, after: int, limit: int) -> bytes:
        return self._pages.get(after, b'{"errcode":0,"chatdata":[]}')

    def open(self, key: str, message: str) -> bytes:
        opened: bytes = self._library.open(key, message)
        return opened

    def close(self) -> None: ...


def pages_of(library: Any) -> dict[int, bytes]:
    """Everything the archive holds, as it comes. Asked twice: the sandbox locks a record when it is first asked for."""
    import msgspec  # noqa: PLC0415

    for _time in range(2):
        pages, after = {}, 0
        while told := msgspec.json.decode(library.records(after, 1000))["chatdata"]:
            pages[after], after = library.records(after, 1000), told[-1]["seq"]
    return pages


def floor(corp: Any, library: Any, pages: dict[int, bytes]) -> int:
    """RSA and JSON, and nothing else."""
    import msgspec  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    from huoqun.carriers.wecom.archive.queries import kept_keys  # noqa: PLC0415

    key = load_pem_private_key(kept_keys(corp)[0].private.encode(), None)
    seen = 0
    for page in pages.values():
        for record in msgspec.json.decode(page)["chatdata"]:
            key.decrypt(base64.b64decode(record["encrypt_random_key"]), PKCS1v15())  # type: ignore[union-attr]
            msgspec.json.decode(b'{"msgtype":"text","text":{"content":"x"}}')
            seen += 1
    return seen


def opened(corp: Any, library: Any, pages: dict[int, bytes]) -> int:
    """Opened, read, and what is not an event kept in the database."""
    from huoqun.carriers.wecom.archive.pull import Pull  # noqa: PLC0415

    ear = Pull(corp.archive_account, libraries=lambda access: Here(library, pages), now=lambda: datetime.now(UTC))
    return _everything(ear)


def asked(corp: Any, library: Any, pages: dict[int, bytes]) -> int:
    """The same, asked of the sandbox over HTTP."""
    from huoqun.carriers.wecom.archive.pull import Pull  # noqa: PLC0415

    return _everything(Pull(corp.archive_account, now=lambda: datetime.now(UTC)))


def _everything(ear: Any) -> int:
    seen, cursor, more = 0, "", True
    while more:
        received = ear.receive(cursor)
        seen, cursor, more = seen + len(received.records), received.cursor, received.more
    return seen


def kept(corp: Any, library: Any, pages: dict[int, bytes]) -> int:
    """All of it as a worker does it: asked, opened, read, the events in the log, the cursor moved."""
    from huoqun.carriers.operations import connect  # noqa: PLC0415
    from huoqun.inbox.models import Entry  # noqa: PLC0415
    from huoqun.wiring.hearing import Ears  # noqa: PLC0415

    connect(corp.archive_account, now=datetime.now(UTC) - timedelta(minutes=1))
    ears = Ears(clock=lambda: datetime.now(UTC))
    while ears.round():
        pass
    return Entry.objects.count()


STEPS: tuple[tuple[str, Callable[[Any, Any, dict[int, bytes]], int]], ...] = (
    ("floor: RSA and JSON only", floor),
    ("opened and read", opened),
    ("asked, opened and read", asked),
    ("asked, opened, read, in the log", kept),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    wish = parser.parse_args()
    settle(Path(tempfile.mkdtemp(prefix="huoqun-bench-")))
    from huoqun.carriers.wecom.archive.library import Access, open_library  # noqa: PLC0415

    with company(wish.messages) as corp:
        library = open_library(Access(corpid=corp.corpid, secret=corp.archive_secret))
        pages = pages_of(library)
        print(f"{wish.messages:,} messages of {GROUPS} groups; WeCom gives at most {GIVEN:,} a second.\n")
        print("| archive | messages/s of one processor | of the floor | messages/s by the wall |\n| --- | ---: | ---: | ---: |")
        lowest = 0.0
        for title, step in STEPS:
            begun, busy = time.perf_counter(), time.process_time()
            seen = step(corp, library, pages)
            spent, busy = time.perf_counter() - begun, time.process_time() - busy
            assert seen == wish.messages // GROUPS * GROUPS, f"{title}: {seen} messages"
            lowest = lowest or seen / busy
            print(f"| {title} | {seen / busy:,.0f} | {seen / busy / lowest:.2f} | {seen / spent:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
