"""What a person at a terminal types, and what they are told: good and bad input."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from django.conf import settings
from django.test import Client
from django.utils import translation

from huoqun import __version__
from huoqun.carriers.models import Connection, Import
from huoqun.community.models import Community, Erased, Group, Person
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.console.operations import add_staff
from huoqun.history.store import Store
from huoqun.inbox import horizon
from huoqun.inbox.loop import Loop
from huoqun.inbox.models import Entry
from huoqun.ownership.models import Contact
from huoqun.wiring import importing
from huoqun.wiring.command import COMMANDS, main
from huoqun.wiring.commands import connect_pretend_, erase_, groups_, holidays_, house_, import_, link_
from huoqun.wiring.hearing import Ears
from huoqun.wiring.subscriptions import SUBSCRIPTIONS

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = {"lin": "林", "mo": "莫", "tao": "小陶"}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store(tmp_path / "history")
    monkeypatch.setattr(importing, "open_store", lambda: store)
    monkeypatch.setattr(erase_, "open_store", lambda: store)
    return store


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three people, five messages, in Huoqun's own table."""
    path = tmp_path / "balcony.jsonl"
    rows = [
        {"carrier": "qq", "group_id": "g1", "group_name": "番茄群", "message_id": str(number), "author_id": who,
         "author_name": NAMES[who], "kind": "message", "text": "红了", "sent_at": f"2026-03-01T0{number}:00:00+00:00"}
        for number, who in enumerate(("lin", "mo", "tao", "mo", "lin"), 1)
    ]  # fmt: skip
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def balcony(db: None, store: Store, export: Path) -> Community:
    """Lin's community, the export read in."""
    assert typed(import_.command, export, "--community", "阳台种菜").exit_code == 0
    return Community.objects.get()


def typed(command: click.Command, *arguments: object, answer: str = "", locale: str = "en_GB.UTF-8") -> Result:
    with translation.override("en"):
        return CliRunner(env={"LC_ALL": locale}).invoke(command, [str(each) for each in arguments], input=answer)


def last_line(result: Result) -> str:
    return result.stderr.strip().splitlines()[-1]


# huoqun


def test_every_command_is_listed_with_what_it_does() -> None:
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0
    listed = {line.split()[0]: line.split()[1:] for line in told.output.split("Commands:")[1].splitlines() if line.strip()}
    assert set(COMMANDS) <= set(listed)
    assert all(listed[name] for name in COMMANDS)
    assert all((Path(import_.__file__).parent / f"{name}_.py").exists() for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    told = CliRunner().invoke(main, [name, "--help"])
    assert told.exit_code == 0, told.output
    assert f"{name} [OPTIONS]" in told.output


def test_a_command_nobody_knows_is_said_to_be_unknown() -> None:
    told = CliRunner().invoke(main, ["adit"])
    assert told.exit_code == 2
    assert "No such command 'adit'." in told.stderr
    assert __version__ in CliRunner().invoke(main, ["--version"]).output


# huoqun import


@pytest.mark.django_db
def test_import_founds_the_community_and_tells_what_came_in(store: Store, export: Path) -> None:
    first = typed(import_.command, export, "--community", "阳台种菜", "--zone", "Asia/Shanghai")
    assert (first.exit_code, last_line(first)) == (
        0,
        "Huoqun table (CSV, JSON lines, Parquet): 5 records read, 5 added, 0 known already, 0 could not be read; "
        "1 new groups, 3 new people.",
    )
    home = Community.objects.get()
    assert (home.name, home.zone) == ("阳台种菜", "Asia/Shanghai")
    again = typed(import_.command, export, "--community", home.slug)
    assert "5 records read, 0 added, 5 known already" in last_line(again)
    assert Community.objects.count() == 1
    assert store.extent(home.slug)[0] == 5


@pytest.mark.django_db
def test_import_shows_the_first_bad_records(store: Store, export: Path) -> None:
    with export.open("a", encoding="utf-8") as end:
        end.write('{"group_id": oops}\n' * 12)
    told = typed(import_.command, export, "--community", "阳台种菜")
    assert told.exit_code == 0
    assert "12 could not be read" in told.stderr
    assert told.stderr.count("balcony.jsonl:") == 10
    assert "balcony.jsonl:6: This record is not valid JSON." in told.stderr
    assert last_line(told).strip() == "... and 2 more: see the import's page in the console."


@pytest.mark.django_db
def test_import_of_what_nobody_can_read_says_what_was_tried(store: Store, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("只是一封信", encoding="utf-8")
    told = typed(import_.command, letter, "--community", "阳台种菜")
    assert told.exit_code == 1
    assert last_line(told).startswith("No known format fits letter.txt. Tried: ")
    assert not Import.objects.exists()
    assert not Community.objects.filter(name="阳台种菜").exists(), "nothing is founded for a file nobody can read"


@pytest.mark.django_db
def test_commands_answer_a_chinese_terminal_in_chinese(balcony: Community, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("只是一封信", encoding="utf-8")
    told = typed(import_.command, letter, "--community", "阳台种菜", locale="zh_CN.UTF-8")
    assert last_line(told).startswith("没有一种已知格式与 letter.txt 相符。已尝试：")
    assert "QQ 电脑版文本（.txt）（特征：“消息记录”和“消息对象:”这两行）；" in last_line(told)
    for command in (house_.command, groups_.command):
        told = typed(command, letter, "--community", "阳台种菜", locale="zh_CN.UTF-8")
        assert "第 1 行：" in told.stderr


@pytest.mark.django_db
def test_import_asks_for_the_zone_where_times_are_local(store: Store, tmp_path: Path) -> None:
    log = tmp_path / "balcony-2026-03-01.txt"
    log.write_text("[09:00] <tao> 早\n", encoding="utf-8")
    told = typed(import_.command, log, "--community", "阳台种菜")
    assert (told.exit_code, last_line(told)) == (
        1, "The times in IRC daily logs are local times. Give their time zone, for example --zone Asia/Shanghai.",
    )  # fmt: skip
    assert "1 records read, 1 added" in typed(import_.command, log, "--community", "阳台种菜", "--zone", "Asia/Shanghai").stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{}", "--community", "阳台", "--zone", "Mars"], "there is no time zone “Mars”; write it like Asia/Shanghai"),
        (["{}"], "Missing option '--community'."),
        (["{}x", "--community", "阳台"], "does not exist."),
        (["--community", "阳台"], "Missing argument 'PATHS...'."),
    ],
)
def test_import_refuses_a_wrong_question(export: Path, arguments: list[str], words: str) -> None:
    told = typed(import_.command, *(each.format(export) for each in arguments))
    assert told.exit_code == 2
    assert words in " ".join(told.stderr.split())
    assert not Community.objects.exists()


# huoqun house, huoqun groups


@pytest.mark.django_db
@pytest.mark.method("L02")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_house_labels_whom_the_list_names(balcony: Community, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "house.csv"
    path.write_bytes("author_id,name,kind\r\nlin,林,staff\r\nmo,莫,helper\r\nnobody,谁,bot\r\n".encode(encoding))
    told = typed(house_.command, path, "--community", "阳台种菜")
    assert (told.exit_code, told.stdout) == (0, "2 people changed.\n")
    assert {person.name: person.house for person in Person.objects.all()} == {"林": "staff", "莫": "helper", "小陶": ""}
    assert typed(house_.command, path, "--community", balcony.slug).stdout == "0 people changed.\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("list_", "words"),
    [
        ("id,kind\nlin,staff\n", "line 1: there is no column “author_id”; the first line must name the columns"),
        ("author_id,kind\nlin,staff\n,bot\n", "line 3: author_id is empty"),
        ("", "line 1: there is no column “author_id”; the first line must name the columns"),
    ],
)
def test_house_applies_nothing_of_a_bad_list(balcony: Community, tmp_path: Path, list_: str, words: str) -> None:
    path = tmp_path / "house.csv"
    path.write_text(list_, encoding="utf-8")
    told = typed(house_.command, path, "--community", "阳台种菜")
    assert (told.exit_code, told.stderr) == (1, f"Error: house.csv was not applied:\n  {words}\n")
    assert not Person.objects.exclude(house="").exists()


@pytest.mark.django_db
def test_groups_sets_what_the_list_says(balcony: Community, tmp_path: Path) -> None:
    add_staff("mo", role=Role.OPERATOR)
    path = tmp_path / "groups.csv"
    path.write_text(
        "group_id,lifecycle,planned_end,operator,tags\ng1,seasonal,2026-03-31,mo,种菜;新手\ng9,flash,,,\n", encoding="utf-8"
    )
    told = typed(groups_.command, path, "--community", "阳台种菜")
    assert (told.exit_code, told.stdout) == (0, "1 groups found.\n")
    group = Group.objects.get()
    assert (group.lifecycle, str(group.planned_end), group.operator.username) == ("seasonal", "2026-03-31", "mo")
    assert set(group.tags.values_list("name", flat=True)) == {"种菜", "新手"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("list_", "words"),
    [
        ("name\n番茄群\n", ["line 1: there is no column “group_id”; the first line must name the columns"]),
        ("name,group_id\n番茄群\n", ["line 2: group_id is empty"]),
        (
            "group_id,lifecycle,planned_end,capacity\ng1,forever,soon,many\n",
            [
                "line 2: lifecycle is “forever”; write permanent / seasonal / flash",
                "line 2: planned_end is “soon”; write 2026-03-31",
                "line 2: capacity is “many”; write 500",
            ],
        ),
        ("group_id,lifecycle,operator\ng1,flash,yu\n", ["line 2: operator is “yu”; write mo"]),
    ],
)
def test_groups_applies_nothing_of_a_bad_list(balcony: Community, tmp_path: Path, list_: str, words: list[str]) -> None:
    add_staff("mo", role=Role.OPERATOR)
    path = tmp_path / "groups.csv"
    path.write_text(list_, encoding="utf-8")
    told = typed(groups_.command, path, "--community", "阳台种菜")
    assert (told.exit_code, told.stderr) == (1, "Error: groups.csv was not applied:\n  " + "\n  ".join(words) + "\n")
    assert Group.objects.get().lifecycle == "permanent"


@pytest.mark.django_db
@pytest.mark.parametrize("command", [house_.command, groups_.command])
def test_a_list_for_a_community_nobody_knows_names_the_known_ones(command: click.Command, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("author_id\nlin\n", encoding="utf-8")
    told = typed(command, path, "--community", "阳台")
    assert (told.exit_code, told.stderr) == (1, "Error: there is no community “阳台”; known: none yet\n")
    communities.found("阳台种菜", zone="Asia/Shanghai", now=NOW)
    told = typed(command, path, "--community", "阳台")
    assert told.stderr == "Error: there is no community “阳台”; known: 阳台种菜\n"


# huoqun link


@pytest.mark.django_db
def test_link_lets_somebody_in_once(client: Client) -> None:
    lin = add_staff("lin", role=Role.ADMIN)
    told = typed(link_.command, "lin")
    assert told.exit_code == 0
    assert lin.one_time_links.count() == 1
    path = told.stdout.strip().removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    typed(link_.command, "lin")
    assert client.get(path).status_code != 200


@pytest.mark.django_db
def test_link_for_nobody_names_who_there_is() -> None:
    assert typed(link_.command, "lin").stderr == "Error: there is no active account “lin”; known: none yet\n"
    add_staff("mo")
    add_staff("gone")
    Staff.objects.filter(username="gone").update(is_active=False)
    for name in ("lin", "gone"):
        told = typed(link_.command, name)
        assert (told.exit_code, told.stderr) == (1, f"Error: there is no active account “{name}”; known: mo\n")


# huoqun erase


@pytest.mark.django_db
def test_erase_takes_a_person_out_everywhere(balcony: Community, store: Store, export: Path) -> None:
    mo = Person.objects.get(name="莫")
    told = typed(erase_.command, mo.pk, "--yes")
    assert (told.exit_code, told.stdout) == (0, "Erased; 2 rows of history are gone.\n")
    assert not Person.objects.filter(name="莫").exists()
    assert store.extent(balcony.slug)[0] == 3
    assert Entry.objects.filter(name="PersonErased").count() == Erased.objects.count() == 1
    typed(import_.command, export, "--community", "阳台种菜")
    assert store.extent(balcony.slug)[0] == 3
    assert not Person.objects.filter(name="莫").exists()


@pytest.mark.django_db
def test_erase_asks_first(balcony: Community, store: Store) -> None:
    mo = Person.objects.get(name="莫")
    told = typed(erase_.command, mo.pk, answer="n\n")
    assert told.exit_code == 1
    assert "Erase 莫 of 阳台种菜? This cannot be undone [y/N]" in told.stdout
    assert Person.objects.filter(pk=mo.pk).exists()
    assert store.extent(balcony.slug)[0] == 5
    assert typed(erase_.command, mo.pk, answer="y\n").exit_code == 0
    assert not Person.objects.filter(pk=mo.pk).exists()


@pytest.mark.django_db
def test_erase_of_nobody_says_where_the_number_is() -> None:
    told = typed(erase_.command, 4711)
    assert (told.exit_code, told.stderr) == (
        1, "Error: there is no person 4711; the number is in the address of the person's page\n",
    )  # fmt: skip
    assert typed(erase_.command, "莫").exit_code == 2


# huoqun connect pretend


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds outside in a folder of their own."""
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.mark.django_db
def test_connect_brings_groups_to_play_with_and_again_changes_nothing(outside: None) -> None:
    lin = add_staff("lin", role=Role.ADMIN)
    communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)
    for _ in range(2):
        told = typed(connect_pretend_.command, "--community", "balcony")
        words = "balcony/pretend/play is connected. A running worker hears its twelve groups within seconds.\n"
        assert (told.exit_code, told.stdout) == (0, words)
    contact = Contact.objects.get()
    assert (contact.staff, contact.carrier, contact.account, contact.native_id) == (lin, "pretend", "play", "lin")
    ears = Ears(clock=lambda: datetime.now(UTC))
    while ears.round():
        pass
    assert Connection.objects.get().trouble == ""
    Loop(SUBSCRIPTIONS, clock=lambda: datetime.now(UTC), upto=horizon.newest).run_dry()
    assert Group.objects.filter(community__slug="balcony").count() == 12


@pytest.mark.django_db
def test_connect_asks_before_it_mixes_invented_groups_with_real_ones(balcony: Community, outside: None) -> None:
    told = typed(connect_pretend_.command, "--community", "阳台种菜", answer="n\n")
    assert told.exit_code == 1
    assert "阳台种菜 has real groups" in told.stdout
    assert not Connection.objects.exists()
    assert typed(connect_pretend_.command, "--community", "阳台种菜", "--yes").exit_code == 0
    assert Connection.objects.get().community == balcony.slug
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_connect_for_a_colleague_nobody_knows_names_who_there_is(outside: None) -> None:
    add_staff("mo")
    communities.found("阳台种菜", slug="balcony", zone="Asia/Shanghai", now=NOW)
    told = typed(connect_pretend_.command, "--community", "balcony", "--staff", "yu")
    assert (told.exit_code, told.stderr) == (1, "Error: there is no active account “yu”; known: mo\n")
    assert typed(connect_pretend_.command, "--community", "balcony", "--staff", "mo").exit_code == 0
    assert Contact.objects.get().staff.username == "mo"


# huoqun holidays


def test_a_year_of_holidays_is_added_by_file(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    path = tmp_path / "next.yaml"
    text = (
        "country: CN\nyear: 2027\nnotice: 通知\nnumber: 1号\npublished: 2026-11-01\nholidays:\n  - {name: 元旦, first: FIRST}\n"
    )
    path.write_text(text.replace("FIRST", "2027-13-01"), encoding="utf-8")
    told = typed(holidays_.command, "add", path)
    assert told.exit_code == 1
    assert "next.yaml was not added:\n  line 7, holidays[0].first:" in told.output
    path.write_text(text.replace("FIRST", "2027-01-01"), encoding="utf-8")
    assert typed(holidays_.command, "add", path).stdout == "2027: 1 days off, 0 make-up working days.\n"
    listed = typed(holidays_.command)
    assert "2027  通知 1号  2026-11-01  (added here)" in listed.stdout
    assert "国办发明电〔2025〕7号" in listed.stdout
