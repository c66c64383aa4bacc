"""`huoqun connect wecom` and `huoqun doctor`, against a whole company."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from huoqun.carriers.models import Connection
from huoqun.carriers.registry import connect_wecom
from huoqun.community.models import Community
from huoqun.wiring.commands import connect_wecom_, doctor_
from wecom_sandbox.company import Company, Plan
from wecom_sandbox.front import Front
from wecom_sandbox.server import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Iterator[Company]:
    made = Company(Plan(seed=7, staff=3, groups=2, people=20, customers=10))
    server = Server(Front(made))
    server.start()
    yield made
    server.stop()


@pytest.fixture
def first_line(company: Company, tmp_path: Path) -> str:
    path = tmp_path / "sandbox.json"
    path.write_text(json.dumps(company.told()) + "\nand then it goes on talking\n", encoding="utf-8")
    return str(path)


def run(command: object, *arguments: str, language: str = "en_US.UTF-8", **more: str) -> Result:
    return CliRunner().invoke(command, arguments, env={"LANG": language, "LC_ALL": language, **more})  # type: ignore[arg-type]


def test_a_sandbox_is_connected_by_its_first_line(first_line: str, company: Company) -> None:
    asked = ("--community", "读书会", "--found", "--sandbox", first_line, "--json")
    told = json.loads(run(connect_wecom_.command, *asked).output.splitlines()[-1])
    home = Community.objects.get(name="读书会")
    assert told["account"] == f"{home.slug}/wecom/{company.corpid}"
    assert told["encoding_aes_key"] == company.told()["encoding_aes_key"], "callbacks fit at once"
    assert "BEGIN PUBLIC KEY" in told["archive_public_key"]
    assert {one.name for one in Connection.objects.all()} == {company.corpid, f"{company.corpid}/archive"}
    again = json.loads(run(connect_wecom_.command, *asked).output.splitlines()[-1])
    assert again == told, "connecting again changes nothing"


def test_a_wrong_secret_is_told_and_not_kept(first_line: str, company: Company) -> None:
    app = company.told()["apps"][0]
    answer = run(
        connect_wecom_.command, "--community", "读书会", "--found", "--corpid", company.corpid,
        "--agentid", str(app["agentid"]), "--api", company.told()["base_url"], HUOQUN_WECOM_SECRET="nothing-like-it",
    )  # fmt: skip
    assert answer.exit_code == 1
    assert "40001" in answer.output
    assert "nothing-like-it" not in answer.output
    assert not Connection.objects.exists()
    assert not Community.objects.exists()


@pytest.mark.parametrize("line", ["", "{}", "hello", '{"corpid": "ww1", "apps": []}'])
def test_what_is_no_sandbox_is_told_so(tmp_path: Path, line: str) -> None:
    path = tmp_path / "line"
    path.write_text(line, encoding="utf-8")
    answer = run(connect_wecom_.command, "--community", "x", "--found", "--sandbox", str(path))
    assert answer.exit_code == 1
    assert "huoqun-sandbox" in answer.output


def test_the_doctor_says_what_to_do_and_ends_with_one(first_line: str, company: Company) -> None:
    run(connect_wecom_.command, "--community", "读书会", "--found", "--sandbox", first_line)
    answer = run(doctor_.command, language="zh_CN.UTF-8")
    assert answer.exit_code == 1, "nobody answers at the public address here"
    assert "怎么办" in answer.output
    assert run(doctor_.command, "--community", "读书会", "--json").exit_code == 1
    lines = [json.loads(line) for line in run(doctor_.command, "--json").output.splitlines()]
    verdicts = {line["check"]: line["verdict"] for line in lines}
    assert verdicts["secret"] == verdicts["groups"] == "good"
    assert verdicts["callback"] == "bad"
    told = company.told()
    for secret in (told["apps"][0]["secret"], told["archive_secret"], told["callback_token"], told["encoding_aes_key"]):
        assert secret not in answer.output


def test_the_doctor_has_nothing_to_do_where_nothing_is_connected() -> None:
    answer = run(doctor_.command)
    assert answer.exit_code == 0
    assert "huoqun connect wecom" in answer.output


def test_the_registry_connects_without_an_archive(company: Company) -> None:
    from datetime import UTC, datetime

    connected = connect_wecom("garden", company.corpid, now=datetime.now(UTC), app_secret="s")
    assert connected.archive_key == ""
    assert [one.name for one in Connection.objects.all()] == [company.corpid]
