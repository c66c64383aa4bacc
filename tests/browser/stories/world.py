"""A small world all stories begin in: a dozen sample groups, imported and audited once, put back before each test."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

import sample_world
from huoqun.carriers.operations import ask_import
from huoqun.community.models import Community
from huoqun.community.operations import communities, listed
from huoqun.config import paths
from huoqun.wiring.importing import read_in
from huoqun.wiring.worker import Worker

SEED, GROUPS = 20261101, 12
FOLDERS = (paths.HISTORY, paths.DATA / "health")
ELSEWHERE = "elsewhere"


def make(folder: Path, *, now: datetime) -> None:
    """The sample organisations with few groups, and a community nobody of them knows."""
    world = sample_world.make(folder, seed=SEED, until=now, groups=GROUPS, days=120)
    for organisation in world.organisations:
        _take_in(organisation.folder, now=now)
    communities.found("别处", slug=ELSEWHERE, zone="Asia/Shanghai", now=now)
    Worker().run_dry()


def _take_in(folder: Path, *, now: datetime) -> None:
    facts = json.loads((folder / "community.json").read_text(encoding="utf-8"))
    home = communities.found(facts["name"], slug=facts["slug"], zone=facts["zone"], now=now)
    talk = folder / "talk.parquet"
    asked = ask_import(home.slug, [talk], title=talk.name, zone=home.zone, by=None, now=now)
    read_in(asked, report=lambda *_: None, now=lambda: now)
    with (folder / "house.csv").open(encoding="utf-8", newline="") as lines:
        listed.take_house_list(home, lines, by=None, now=now, reason="sample")


def keep(folder: Path) -> None:
    """Database, history and day-books as they are."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "kept.sqlite3")])
    for place in FOLDERS:
        shutil.copytree(place, folder / place.name)


def forget_files() -> None:
    for place in FOLDERS:
        shutil.rmtree(place, ignore_errors=True)


def put_back(folder: Path) -> None:
    """What was kept, into a database that is empty but for its migrations and in place of the folders."""
    forget_files()
    for place in FOLDERS:
        shutil.copytree(folder / place.name, place)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("ATTACH DATABASE %s AS kept", [str(folder / "kept.sqlite3")])
        cursor.execute("SELECT name FROM kept.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%%'")
        names = [name for (name,) in cursor.fetchall() if name not in {"django_migrations", "django_content_type"}]
        for name in names:
            cursor.execute(f'INSERT OR REPLACE INTO main."{name}" SELECT * FROM kept."{name}"')
        cursor.execute("DETACH DATABASE kept")
        cursor.execute("PRAGMA foreign_keys = ON")


class Chat:
    """A Telegram Desktop export in the making."""

    def __init__(self, name: str, chat_id: int, *, ends: datetime) -> None:
        self.facts = {"name": name, "type": "private_supergroup", "id": chat_id}
        self.ends = ends
        self.records: list[dict[str, Any]] = []

    def says(self, name: str, text: str, *, days_ago: float) -> None:
        at = self.ends - timedelta(days=days_ago)
        self.records.append(
            {
                "id": len(self.records) + 1,
                "type": "message",
                "date": f"{at:%Y-%m-%dT%H:%M:%S}",
                "date_unixtime": str(int(at.timestamp())),
                "from": name,
                "from_id": f"user{sum(map(ord, name))}",
                "text": text,
            }
        )

    def breaks(self) -> None:
        """A record without a time."""
        self.records.append({"id": 9001, "type": "message", "from": "小陶", "from_id": "user1", "text": "没有时间的一条"})

    def write(self, path: Path) -> Path:
        whole = {**self.facts, "messages": self.records}
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
        return path


def night_run(path: Path) -> Path:
    """Three weeks of a running group: two people and something that posts the weather every day; one record is broken."""
    chat = Chat("滨江夜跑群", 1900000001, ends=datetime.now(UTC))
    for day in range(20, 0, -1):
        chat.says("小陶", f"今晚跑第 {day} 圈", days_ago=day - 0.5)
        chat.says("阿莫", "收到，老地方见", days_ago=day - 0.6)
        chat.says("天气播报", "今晚多云，18 度", days_ago=day - 0.7)
        if day == 8:
            chat.breaks()
    return chat.write(path)


def heads(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def home(slug: str = "tonghaoli") -> Community:
    return Community.objects.get(slug=slug)
