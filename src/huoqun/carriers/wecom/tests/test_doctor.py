"""The check-up against a whole company: what works, each thing that can be wrong, and never a secret."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import ModuleType

import httpx
import pytest

from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.hooks import TurnedAway
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.doctor import (
    archive,
    callback,
    customers,
    groups,
    listening,
    pages,
    public_url,
    reach,
    scope,
    secret,
    trusted_ip,
    welcome,
)
from huoqun.carriers.wecom.doctor.examination import examine
from huoqun.carriers.wecom.doctor.patient import Patient
from huoqun.carriers.wecom.hook import CompanyHook
from huoqun.carriers.wecom.models import Corp, Delivery
from huoqun.carriers.wecom.operations import companies
from huoqun.carriers.wecom.tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUSE = "https://house.example.com"
Answer = Callable[[httpx.Request], httpx.Response]


def web(answer: Answer) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer))


def house_of(corp: Corp) -> Answer:
    """Our own public address, as it answers when all is well."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/healthz":
            return httpx.Response(200, text="ok\n")
        assert request.url.path == f"/hooks/wecom/{corp.hook}"
        return httpx.Response(200, content=CompanyHook(corp.hook).greet(dict(request.url.params), now=NOW))

    return answer


@pytest.fixture
def corp(sandbox: Sandbox) -> Corp:
    corp = sandbox.corp()
    corp.save()
    return corp


@pytest.fixture
def patient(corp: Corp) -> Iterator[Patient]:
    with web(house_of(corp)) as inside:
        yield Patient(corp, client_for(corp), inside, HOUSE, lambda: datetime.now(UTC))


ASKING = (secret, trusted_ip, scope, customers, groups, pages)


def test_a_good_connection_has_nothing_to_mend(patient: Patient) -> None:
    found = [module.check(patient) for module in ASKING]
    assert [each.verdict for each in found] == [Verdict.GOOD] * len(ASKING), found
    assert "8" in found[2].answer
    assert public_url.check(patient).verdict is Verdict.GOOD


def test_a_wrong_secret_is_named_and_the_rest_waits_for_it(patient: Patient) -> None:
    patient.corp.app_secret = "wrong" * 8
    found = secret.check(patient)
    assert found.verdict is Verdict.BAD
    assert "40001" in found.answer
    assert "Secret" in found.remedy
    assert {module.check(patient).verdict for module in (trusted_ip, scope, customers, groups, pages)} == {Verdict.UNTRIED}


def test_a_wrong_company_is_another_mistake_than_a_wrong_secret(patient: Patient) -> None:
    patient.corp.corpid = "wwnobody"
    found = secret.check(patient)
    assert "40013" in found.answer
    assert found.remedy != secret._secret_again()


def test_the_address_to_add_is_named(sandbox: Sandbox, patient: Patient) -> None:
    sandbox.control("ips", {"allow": ["203.0.113.9"]})
    found = trusted_ip.check(patient)
    assert found.verdict is Verdict.BAD
    assert "127.0.0.1" in found.remedy
    assert scope.check(patient).verdict is Verdict.UNTRIED


def test_an_app_that_may_not_use_customer_contact(sandbox: Sandbox, patient: Patient) -> None:
    patient.corp.contact_secret = ""
    assert customers.check(patient).verdict is Verdict.GOOD
    sandbox.control("apps", {"agentid": patient.corp.agentid, "may_contact": False})
    found = customers.check(patient)
    assert found.verdict is Verdict.BAD
    assert found.remedy == customers.allow_app()


def test_colleagues_with_customers_outside_the_visible_range(sandbox: Sandbox, patient: Patient) -> None:
    sandbox.control("apps", {"agentid": patient.corp.agentid, "visible_to": ["lin"]})
    assert scope.check(patient).verdict is Verdict.GOOD
    found = customers.check(patient)
    assert found.verdict is Verdict.LOOK
    assert "mo" in found.answer
    assert found.remedy == scope.widen()


def test_an_app_that_sees_nobody(sandbox: Sandbox, patient: Patient) -> None:
    sandbox.control("apps", {"agentid": patient.corp.agentid, "visible_to": []})
    assert scope.check(patient).verdict is Verdict.BAD


@pytest.mark.parametrize(
    ("apart", "verdict"),
    [(0, Verdict.GOOD), (-4, Verdict.GOOD), (20, Verdict.LOOK), (-20, Verdict.LOOK), (300, Verdict.BAD), (-300, Verdict.BAD)],
)
def test_clocks_that_go_apart(corp: Corp, apart: int, verdict: Verdict) -> None:
    theirs = format_datetime(NOW + timedelta(seconds=apart), usegmt=True)
    with web(lambda request: httpx.Response(200, json={}, headers={"Date": theirs})) as inside:
        assert reach.check(Patient(corp, client_for(corp), inside, HOUSE, lambda: NOW)).verdict is verdict


def test_no_way_out_is_told_with_what_to_open(corp: Corp) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    with web(broken) as inside:
        patient = Patient(corp, client_for(corp), inside, HOUSE, lambda: NOW)
        found = reach.check(patient)
        assert found.verdict is Verdict.BAD
        assert "127.0.0.1" in found.remedy
        assert secret.check(patient).verdict is Verdict.UNTRIED
        assert public_url.check(patient).verdict is Verdict.LOOK, "our own address may not be reachable from within"


def test_callbacks_are_right_when_answered_checked_and_delivered(patient: Patient) -> None:
    corp = patient.corp
    first = callback.check(patient)
    assert first.verdict is Verdict.BAD, "the platform has never asked"
    corp.refresh_from_db()
    assert corp.echoed_at is None, "our own question does not count"
    companies.echoed(corp, now=datetime.now(UTC))
    corp.refresh_from_db()
    assert callback.check(patient).verdict is Verdict.LOOK, "nothing has come"
    told(corp, "<xml/>", at=datetime.now(UTC) - timedelta(hours=2))
    assert callback.check(patient).verdict is Verdict.GOOD
    Delivery.objects.update(received_at=datetime.now(UTC) - timedelta(days=9))
    assert callback.check(patient).verdict is Verdict.LOOK, "silent for days"


@pytest.mark.parametrize("change", [{"callback_key": "short"}, {"callback_token": ""}, {"callback_key": "A" * 43}])
def test_a_key_that_does_not_fit_is_seen(patient: Patient, change: dict[str, str]) -> None:
    real = house_of(patient.corp)
    for name, value in change.items():
        setattr(patient.corp, name, value)

    def turned_away(request: httpx.Request) -> httpx.Response:
        try:
            return real(request)
        except TurnedAway:
            return httpx.Response(403)

    with web(turned_away) as inside:
        found = callback.check(dataclasses.replace(patient, web=inside))
    assert found.verdict is Verdict.BAD
    assert "/hooks/" in found.remedy


def told(corp: Corp, body: str, *, at: datetime, number: int = 0) -> None:
    kind = "change_external_contact/add_external_contact"
    Delivery.objects.create(corp=corp, key=f"{at}{number}", kind=kind, body=body, received_at=at, try_at=at)


CODED = "<xml><WelcomeCode><![CDATA[wc1]]></WelcomeCode></xml>"
EMPTY = "<xml><WelcomeCode><![CDATA[]]></WelcomeCode></xml>"


@pytest.mark.parametrize(
    ("bodies", "verdict"),
    [
        ([], Verdict.UNTRIED),
        (["<xml/>"] * 4, Verdict.UNTRIED),
        (["<xml/>"] * 5 + [EMPTY], Verdict.BAD),
        ([CODED] * 4 + ["<xml/>"], Verdict.GOOD),
        (['{"WelcomeCode": "wc1"}'] * 5, Verdict.GOOD),
    ],
)
def test_a_welcome_of_the_admin_console_stands_in_the_way(patient: Patient, bodies: list[str], verdict: Verdict) -> None:
    for number, body in enumerate(bodies):
        told(patient.corp, body, at=datetime.now(UTC), number=number)
    assert welcome.check(patient).verdict is verdict


def test_whether_anybody_listens(patient: Patient) -> None:
    corp = patient.corp
    assert listening.check(patient).verdict is Verdict.BAD
    [heard] = companies.listen(Corp(**{**plain(corp), "archive_secret": ""}), now=datetime.now(UTC))
    assert listening.check(patient).verdict is Verdict.LOOK, "nobody has looked yet"
    type(heard).objects.update(heard_at=datetime.now(UTC))
    assert listening.check(patient).verdict is Verdict.GOOD
    type(heard).objects.update(trouble="The carrier does not answer.")
    assert listening.check(patient).verdict is Verdict.BAD


def plain(corp: Corp) -> dict[str, object]:
    return {"community": corp.community, "corpid": corp.corpid}


def test_no_archive_is_no_fault_and_half_an_archive_is(sandbox: Sandbox, patient: Patient, settings: object) -> None:
    settings.WECOM_ARCHIVE_LIBRARY = ""  # type: ignore[attr-defined]
    found = archive.check(patient)
    assert found.verdict is Verdict.BAD
    assert "HUOQUN_WECOM_ARCHIVE_LIBRARY" in found.remedy
    patient.corp.archive_secret = ""
    assert archive.check(patient).verdict is Verdict.UNUSED


def test_the_archives_own_list_of_addresses(sandbox: Sandbox, patient: Patient) -> None:
    sandbox.control("ips", {"allow": ["203.0.113.9"], "secret": sandbox.json["archive_secret"]})
    found = archive.check(patient)
    assert found.verdict is Verdict.BAD
    assert "127.0.0.1" in found.remedy


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("http://127.0.0.1:8000", Verdict.GOOD),
        ("http://house.local", Verdict.GOOD),
        ("http://house.example.com", Verdict.LOOK),
        ("https://house.example.com", Verdict.GOOD),
    ],
)
def test_a_sandbox_beside_us_needs_no_public_address(patient: Patient, url: str, verdict: Verdict) -> None:
    assert public_url.check(dataclasses.replace(patient, public_url=url)).verdict is verdict


def test_the_real_wecom_does(patient: Patient) -> None:
    patient.corp.api = "https://qyapi.weixin.qq.com"
    found = public_url.check(dataclasses.replace(patient, public_url="http://192.168.1.4:8000"))
    assert found.verdict is Verdict.BAD
    assert "HUOQUN_PUBLIC_URL" in found.remedy


MODULES: list[ModuleType] = [
    reach, secret, trusted_ip, scope, customers, groups, public_url, callback, listening, welcome, archive, pages,
]  # fmt: skip


@pytest.mark.parametrize("trouble", ["none", "secret", "ips", "down"])
def test_no_finding_tells_a_secret(sandbox: Sandbox, corp: Corp, trouble: str) -> None:
    if trouble == "secret":
        Corp.objects.filter(pk=corp.pk).update(app_secret="wrongwrongwrong")
    if trouble == "ips":
        sandbox.control("ips", {"allow": ["203.0.113.9"]})
    if trouble == "down":
        sandbox.stop()
    corp.refresh_from_db()
    found = list(examine(corp, address="http://127.0.0.1:9"))
    assert [each.check for each in found] == [module.NAME for module in MODULES]
    kept = {corp.app_secret, corp.contact_secret, corp.archive_secret, corp.callback_token, corp.callback_key, corp.hook}
    for each in found:
        words = " ".join(dataclasses.astuple(each))
        assert not [value for value in kept if value and value in words], each
        assert each.tried
        assert each.answer
        assert each.remedy or each.verdict in {Verdict.GOOD, Verdict.UNTRIED}, each


def test_only_what_is_asked_for_is_told(corp: Corp) -> None:
    found: list[Finding] = list(examine(corp, only={"groups"}))
    assert [each.check for each in found] == ["groups"]
