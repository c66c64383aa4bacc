"""Access tokens: fetched once for everybody, again when refused, and by somebody else when the fetcher has died."""

from __future__ import annotations

import threading
from datetime import timedelta

import httpx
import pytest
from django.db import connection

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.client.tokens import LEASE, SLACK
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Corp, Door, Token
from huoqun.carriers.wecom.tests.client.far_side import FarSide, company, refusal
from huoqun.carriers.wecom.tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def corp() -> Corp:
    made = company()
    made.save()
    return made


def test_all_clients_of_a_company_share_one(corp: Corp) -> None:
    far = FarSide()
    for _ in range(3):
        far.client(corp).post("x/do", {})
    assert far.tokens == 1


def test_it_is_not_used_in_its_last_minute(corp: Corp) -> None:
    far = FarSide(token_lasts=600)
    far.client(corp).post("x/do", {})
    far.clock.sleep(600 - SLACK.total_seconds() - 1)
    far.client(corp).post("x/do", {})
    assert far.tokens == 1
    far.clock.sleep(2)
    far.client(corp).post("x/do", {})
    assert far.tokens == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_refused_one_is_replaced_and_the_call_made_once_more(corp: Corp, code: int) -> None:
    far = FarSide(answers=[refusal(code)])
    far.client(corp).post("x/do", {"n": 1})
    assert far.tokens == 2
    assert far.bodies == [{"n": 1}, {"n": 1}]


def test_refused_twice_it_is_somebody_elses_to_mend(corp: Corp) -> None:
    far = FarSide(answers=[refusal(40001), refusal(40001)])
    with pytest.raises(WeComError, match="40001"):
        far.client(corp).post("x/do", {})
    assert len(far.asked) == 2


def test_what_another_has_renewed_meanwhile_is_used(corp: Corp) -> None:
    far = FarSide()
    old = far.client(corp)
    old.post("x/do", {})
    Token.objects.update(value="token-of-another", expires_at=far.clock.now() + timedelta(hours=2))
    far.answers = [refusal(40014)]
    old.post("x/do", {})
    assert far.tokens == 1
    assert far.asked[-1].url.params["access_token"] == "token-of-another"


def test_while_another_fetches_one_waits_and_takes_what_comes(corp: Corp) -> None:
    far = FarSide()
    Token.objects.create(corp=corp, door=Door.APP, fetching_until=far.clock.now() + LEASE, fetched_by="another")
    sleeping = far.clock.sleep

    def arrives(seconds: float) -> None:
        sleeping(seconds)
        Token.objects.update(value="token-of-another", expires_at=far.clock.now() + timedelta(hours=2), fetching_until=None)

    far.clock.sleep = arrives  # type: ignore[method-assign]
    far.client(corp).post("x/do", {})
    assert far.tokens == 0


def test_whoever_died_while_fetching_holds_nobody_up_for_longer_than_a_call_may_last(corp: Corp) -> None:
    far = FarSide()
    Token.objects.create(corp=corp, door=Door.APP, fetching_until=far.clock.now() + LEASE, fetched_by="dead")
    far.client(corp).post("x/do", {})
    assert far.tokens == 1
    row = Token.objects.get()
    assert row.fetching_until is None


def test_a_clock_put_back_locks_nobody_out(corp: Corp) -> None:
    far = FarSide()
    later = far.clock.now() + timedelta(days=400)
    Token.objects.create(corp=corp, door=Door.APP, fetching_until=later, fetched_by="of the future")
    far.client(corp).post("x/do", {})
    assert far.tokens == 1


def test_no_token_means_that_nothing_was_done(corp: Corp) -> None:
    far = FarSide()

    def broken() -> None:
        raise httpx.ReadError("the line broke")

    far.on_token = broken
    with pytest.raises(Unreachable):
        far.client(corp).post("x/do", {})
    assert Token.objects.get().fetching_until is None, "nobody else has to wait for what has ended"
    assert far.asked == []
    far.on_token = lambda: None
    far.client(corp).post("x/do", {})


def test_it_is_sealed_in_the_database(corp: Corp) -> None:
    far = FarSide()
    far.client(corp).post("x/do", {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM wecom_token")
        (stored,) = cursor.fetchone()
    assert stored
    assert "nobody-may-see" not in stored


@pytest.mark.django_db(transaction=True)
def test_many_at_once_fetch_it_once(sandbox: Sandbox) -> None:
    corp = sandbox.corp()
    corp.save()
    ended: list[object] = []

    def ask() -> None:
        try:
            ended.append(client_for(Corp.objects.get(pk=corp.pk)).get("department/list"))
        except (WeComError, Unreachable, CutOff) as trouble:
            ended.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each for each in ended if isinstance(each, Exception)] == []
    assert sandbox.company is not None
    assert sandbox.company.log.counts["/cgi-bin/gettoken"] == 1
