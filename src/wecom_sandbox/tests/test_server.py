"""Over real connections: what a foreign HTTP client may do, and trouble on demand."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
import wsgiref.util
import wsgiref.validate
from collections.abc import Callable, Iterator

import pytest

from wecom_sandbox.company import Company, Plan
from wecom_sandbox.front import Front
from wecom_sandbox.server import Server

LIST = "/cgi-bin/externalcontact/groupchat/list"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(Front(Company(Plan(staff=4, groups=3, people=60, customers=20))))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def line(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(str(server.host), int(server.port), timeout=10)
    yield connection
    connection.close()


def read(line: http.client.HTTPConnection) -> dict[str, object]:
    return dict(json.loads(line.getresponse().read()))


def token(server: Server, line: http.client.HTTPConnection) -> str:
    company = server.front.company
    line.request("GET", f"/cgi-bin/gettoken?corpid={company.corpid}&corpsecret={company.apps[0].secret}")
    return str(read(line)["access_token"])


def control(line: http.client.HTTPConnection, where: str, **wish: object) -> dict[str, object]:
    line.request("POST", f"/sandbox/{where}", json.dumps(wish))
    return read(line)


def ask(server: Server, line: http.client.HTTPConnection) -> dict[str, object]:
    line.request("POST", f"{LIST}?access_token={token(server, line)}", b'{"limit": 10}')
    return read(line)


def test_one_connection_serves_many_requests(server: Server, line: http.client.HTTPConnection) -> None:
    line.connect()
    own = line.sock.getsockname()
    for _ in range(5):
        assert ask(server, line)["errcode"] == 0
    assert line.sock.getsockname() == own


def test_a_body_in_chunks(server: Server, line: http.client.HTTPConnection) -> None:
    path = f"{LIST}?access_token={token(server, line)}"
    line.request("POST", path, iter([b'{"li', b'mit": 2}']), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
    assert len(read(line)["group_chat_list"]) == 2  # type: ignore[arg-type]


def test_a_client_that_asks_before_it_sends_its_body(server: Server, line: http.client.HTTPConnection) -> None:
    known = token(server, line)
    with socket.create_connection((str(server.host), int(server.port)), timeout=10) as raw:
        head = f"POST {LIST}?access_token={known} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n"
        raw.sendall(head.encode() + b"Connection: close\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 100")
        raw.sendall(b'{"limit":1}')
        answer = b""
        while part := raw.recv(65536):
            answer += part
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["errcode"] == 0


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"]
)
def test_who_speaks_no_http_is_hung_up_on(server: Server, sent: bytes) -> None:
    with socket.create_connection((str(server.host), int(server.port)), timeout=10) as raw:
        raw.sendall(sent)
        assert raw.recv(100) == b""


def test_cut_before_the_work_and_after_it(server: Server, line: http.client.HTTPConnection) -> None:
    company = server.front.company
    path = "/cgi-bin/externalcontact/add_corp_tag"
    body = json.dumps({"group_name": "城市", "tag": [{"name": "北京"}]})
    known = token(server, line)
    for kind, done in (("cut_before", False), ("cut_after", True)):
        control(line, "faults", kind=kind, path="*/add_corp_tag")
        line.request("POST", f"{path}?access_token={known}", body)
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            line.getresponse()
        line.close()
        assert (company.tags.named("城市") is not None) is done


def test_half_an_answer(server: Server, line: http.client.HTTPConnection) -> None:
    known = token(server, line)
    control(line, "faults", kind="cut_halfway", path=LIST)
    line.request("POST", f"{LIST}?access_token={known}", b'{"limit": 10}')
    with pytest.raises(http.client.IncompleteRead):
        line.getresponse().read()


def test_500_an_error_code_and_nonsense_each_as_often_as_planned(server: Server, line: http.client.HTTPConnection) -> None:
    known = token(server, line)
    control(line, "faults", kind="500", path=LIST, status=503)
    line.request("POST", f"{LIST}?access_token={known}", b'{"limit": 10}')
    response = line.getresponse()
    assert (response.status, response.read()) == (503, b"Internal Server Error\n")
    control(line, "faults", kind="errcode", path=LIST, errcode=-1, times=2, skip=1)
    assert [ask(server, line)["errcode"] for _ in range(4)] == [0, -1, -1, 0]
    control(line, "faults", kind="garbled", path=LIST)
    line.request("POST", f"{LIST}?access_token={known}", b'{"limit": 10}')
    assert line.getresponse().read().startswith(b"<html>")
    line.request("GET", "/sandbox/faults")
    assert read(line) == {"faults": []}


def test_a_fault_that_cannot_be(line: http.client.HTTPConnection) -> None:
    assert "kind is one of" in str(control(line, "faults", kind="flood")["error"])
    assert "has no 'paht'" in str(control(line, "faults", kind="slow", paht="*")["error"])
    assert "'times' is a int" in str(control(line, "faults", kind="slow", times="many")["error"])


def test_too_many_at_the_same_time(server: Server, line: http.client.HTTPConnection) -> None:
    """While one call takes its time, a second one is refused; when it is over, none is."""
    company = server.front.company
    known = token(server, line)
    control(line, "settings", concurrent_calls=1)
    control(line, "faults", kind="slow", path=LIST, seconds=0.3)
    codes: list[object] = []

    def slowly() -> None:
        mine = http.client.HTTPConnection(str(server.host), int(server.port), timeout=10)
        mine.request("POST", f"{LIST}?access_token={known}", b'{"limit": 10}')
        codes.append(read(mine)["errcode"])

    first = threading.Thread(target=slowly)
    first.start()
    while company.faults.planned:
        time.sleep(0.01)
    codes.append(ask(server, line)["errcode"])
    first.join(10)
    assert codes == [45033, 0]
    assert ask(server, line)["errcode"] == 0


def test_the_clock_moves_and_things_fall_due_on_the_way(server: Server, line: http.client.HTTPConnection) -> None:
    company = server.front.company
    seen: list[int] = []
    control(line, "clock", stop=True)
    start = company.clock.now()
    company.agenda.at(start + 50, lambda: seen.append(company.clock.now()))
    company.agenda.at(start + 20, lambda: seen.append(company.clock.now()))
    assert control(line, "clock", advance=100) == {"now": start + 100, "happened": 2, "stopped": True}
    assert seen == [start + 20, start + 50]
    assert control(line, "clock", run=True)["stopped"] is False
    assert "now is a number" in str(control(line, "clock", now="noon")["error"])


def test_the_command_prints_json_first_and_serves(tmp_path: object) -> None:
    command = [sys.executable, "-m", "wecom_sandbox", "--seed", "5", "--groups", "2", "--people", "30", "--now", "1790000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert set(told) >= {"base_url", "corpid", "apps", "contact_secret", "archive_secret", "callback_token"}
            assert len(told["encoding_aes_key"]) == 43
            host, port = told["base_url"].removeprefix("http://").split(":")
            line = http.client.HTTPConnection(host, int(port), timeout=10)
            for secret in (told["apps"][0]["secret"], told["contact_secret"], told["archive_secret"]):
                line.request("GET", f"/cgi-bin/gettoken?corpid={told['corpid']}&corpsecret={secret}")
                assert read(line)["errcode"] == 0
            line.request("GET", "/sandbox/clock")
            assert 1790000000 <= int(str(read(line)["now"])) < 1790000100
        finally:
            process.terminate()


def test_sizes_that_do_not_fit_end_the_command_with_a_sentence() -> None:
    command = [sys.executable, "-m", "wecom_sandbox", "--groups", "2", "--people", "3000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "do not fit 2 groups" in done.stderr


def test_it_is_a_plain_wsgi_application(server: Server) -> None:
    company = server.front.company
    environ: dict[str, object] = {}
    wsgiref.util.setup_testing_defaults(environ)
    environ["PATH_INFO"] = "/cgi-bin/gettoken"
    environ["QUERY_STRING"] = f"corpid={company.corpid}&corpsecret={company.apps[0].secret}"
    started: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], _problem: object = None) -> Callable[[bytes], object]:
        started.append(status)
        return lambda _: None

    body = wsgiref.validate.validator(server.front)(environ, start_response)  # type: ignore[arg-type]
    try:
        assert json.loads(b"".join(body))["errcode"] == 0
    finally:
        body.close()  # type: ignore[attr-defined]
    assert started == ["200 OK"]


def test_answers_carry_the_sandboxs_time(server: Server, line: http.client.HTTPConnection) -> None:
    control(line, "clock", now=1_790_000_000, stop=True)
    line.request("GET", "/sandbox/clock")
    response = line.getresponse()
    response.read()
    assert response.headers["Date"] == "Mon, 21 Sep 2026 14:13:20 GMT"
