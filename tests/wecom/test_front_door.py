"""What WeCom calls: the address as granian serves it, with the sandbox's and other people's cryptography."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection, transaction

from huoqun.carriers.models import Connection
from huoqun.carriers.operations import connect
from huoqun.carriers.wecom.callbacks import crypto
from huoqun.carriers.wecom.callbacks import operations as deliveries
from huoqun.carriers.wecom.models import Corp, Delivery
from huoqun.carriers.wecom.operations import companies
from huoqun.config.wsgi import application
from huoqun.wiring import hooks

pytestmark = pytest.mark.django_db

KEY, TOKEN, CORPID = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "QDG6eK", "wx5823bf96d3bd56c7"
SAID = (
    "<xml><Event>change_contact</Event><ChangeType>delete_user</ChangeType>"
    "<UserID>mo</UserID><CreateTime>1760000000</CreateTime></xml>"
)


@pytest.fixture
def corp() -> Corp:
    now = datetime.now(UTC)
    made = Corp.objects.create(community="garden", corpid=CORPID, callback_token=TOKEN, callback_key=KEY, made_at=now)
    connect(made.account, now=now)
    Connection.objects.update(next_at=datetime(2099, 1, 1, tzinfo=UTC))
    return made


def call(path: str, query: dict[str, str] | None = None, body: bytes = b"", *, method: str = "POST") -> tuple[str, bytes]:
    """As a server calls a WSGI application."""
    told: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "&".join(f"{name}={quote(value, safe='')}" for name, value in (query or {}).items()),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    answered = b"".join(application(environ, lambda status, headers: told.append(status)))
    return told[0], answered


def sealed(said: str, *, token: str = TOKEN, key: str = KEY, corpid: str = CORPID) -> tuple[dict[str, str], bytes]:
    locked = crypto.lock(key, said.encode(), corpid, random=b"0123456789abcdef")
    query = {"timestamp": "1760000000", "nonce": "n", "msg_signature": crypto.signature(token, "1760000000", "n", locked)}
    return query, f"<xml><ToUserName>{corpid}</ToUserName><Encrypt>{locked}</Encrypt></xml>".encode()


ECHO = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}


def test_the_echo_is_answered_bare_and_noted(corp: Corp) -> None:
    assert call(f"/hooks/wecom/{corp.hook}", ECHO, method="GET") == ("200 OK", b"1616140317555161061")
    corp.refresh_from_db()
    assert corp.echoed_at is not None


def test_a_plus_sign_in_the_address_stays_one(corp: Corp) -> None:
    query = "&" + "&".join(f"{name}={value}" for name, value in ECHO.items())
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/hooks/wecom/{corp.hook}", "QUERY_STRING": query}
    answered = application(environ | {"wsgi.input": io.BytesIO()}, lambda status, headers: None)
    assert b"".join(answered) == b"1616140317555161061"


def test_what_comes_is_kept_first_and_the_account_woken(corp: Corp) -> None:
    query, body = sealed(SAID)
    assert call(f"/hooks/wecom/{corp.hook}", query, body) == ("200 OK", b"success")
    kept = Delivery.objects.get()
    assert (kept.corp, kept.kind, kept.body) == (corp, "change_contact/delete_user", SAID)
    assert Connection.objects.get().next_at.year != 2099


def test_three_deliveries_are_one_row(corp: Corp) -> None:
    for _ in range(3):
        query, body = sealed(SAID)
        assert call(f"/hooks/wecom/{corp.hook}", query, body)[0] == "200 OK"
    assert Delivery.objects.count() == 1


@pytest.mark.skipif("__import__('django').db.connection.vendor != 'sqlite'", reason="writers do not wait for one another there")
@pytest.mark.django_db(transaction=True)
def test_while_somebody_else_writes_for_long_it_is_answered_and_kept_soon(corp: Corp) -> None:
    writing, over = threading.Event(), threading.Event()

    def writes() -> None:
        with transaction.atomic():
            Connection.objects.update(next_at=datetime(2098, 1, 1, tzinfo=UTC))
            writing.set()
            assert over.wait(60)
        connection.close()

    other = threading.Thread(target=writes)
    other.start()
    assert writing.wait(60)
    query, body = sealed(SAID)
    try:
        assert [call(f"/hooks/wecom/{corp.hook}", query, body) for _ in range(2)] == [("200 OK", b"success")] * 2
        assert Delivery.objects.count() == 0
        forged, body_of_another = sealed(SAID, token="another")
        assert call(f"/hooks/wecom/{corp.hook}", forged, body_of_another)[0] == "403 Forbidden"
    finally:
        over.set()
        other.join()
    deliveries.SPOOL.close()
    assert Delivery.objects.get().body == SAID
    assert Connection.objects.get().next_at.year not in {2098, 2099}


@pytest.mark.parametrize(
    "wrong",
    [{"token": "another"}, {"key": "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws"}, {"corpid": "wwanother"}],
    ids=["token", "key", "company"],
)
def test_strangers_are_turned_away_and_told_nothing(corp: Corp, wrong: dict[str, str]) -> None:
    query, body = sealed(SAID, **wrong)
    assert call(f"/hooks/wecom/{corp.hook}", query, body) == ("403 Forbidden", b"turned away")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("path", "method", "body", "status"),
    [
        ("/hooks/wecom/nobody", "POST", b"", "404"),
        ("/hooks/wecom/", "GET", b"", "404"),
        ("/hooks/", "GET", b"", "404"),
        ("/hooks/telegram/{hook}", "POST", b"", "404"),
        ("/hooks/wecom/{hook}", "DELETE", b"", "405"),
        ("/hooks/wecom/{hook}", "POST", b"x" * (hooks.LONGEST + 1), "413"),
        ("/hooks/wecom/{hook}", "POST", b"", "403"),
        ("/hooks/wecom/{hook}", "POST", b"<xml/>", "403"),
        ("/hooks/wecom/{hook}", "POST", b'<!DOCTYPE a [<!ENTITY b "c">]><xml><Encrypt>&b;</Encrypt></xml>', "403"),
    ],
)
def test_what_is_no_call_of_theirs_is_answered_plainly(corp: Corp, path: str, method: str, body: bytes, status: str) -> None:
    assert call(path.format(hook=corp.hook), body=body, method=method)[0].startswith(status)


def test_new_keys_are_good_at_once(corp: Corp) -> None:
    query, body = sealed(SAID)
    assert call(f"/hooks/wecom/{corp.hook}", query, body)[0] == "200 OK"
    companies.describe(corp, companies.Described(callback_token="new-token"))
    query, body = sealed(SAID, token="new-token")
    assert call(f"/hooks/wecom/{corp.hook}", query, body)[0] == "200 OK"


@pytest.mark.django_db(transaction=True)
def test_a_company_that_is_taken_off_is_called_no_more(corp: Corp) -> None:
    query, body = sealed(SAID)
    call(f"/hooks/wecom/{corp.hook}", query, body)
    companies.leave(corp)
    status, _ = call(f"/hooks/wecom/{corp.hook}", query, body)
    assert status[:3] == "403"
    assert not Delivery.objects.exists()


def test_while_the_database_fails_they_are_asked_to_deliver_again(corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **named: object) -> None:
        raise OperationalError("gone")

    query, body = sealed(SAID)
    monkeypatch.setattr(hooks.connection, "close", lambda: None)
    with monkeypatch.context() as broken:
        broken.setattr(deliveries, "keep", fail)
        assert call(f"/hooks/wecom/{corp.hook}", query, body)[0].startswith("503")
    assert call(f"/hooks/wecom/{corp.hook}", query, body)[0] == "200 OK"


def test_everything_else_is_a_page() -> None:
    told: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/hooksx", "QUERY_STRING": "", "wsgi.input": io.BytesIO()}
    environ |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    b"".join(application(environ, lambda status, headers, *more: told.append(status)))
    assert told[0][:3] in {"302", "404"}
