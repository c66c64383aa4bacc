"""From nothing to connected, page by page, against a whole company."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.operations import companies
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.console.models import Role, Staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def community(slug: str) -> Any:
    # The room of communities lies above: it is reached here as its tables only.
    return apps.get_model("community", "Community").objects.create(slug=slug, name=f"社群 {slug}", created_at=NOW)


@pytest.fixture
def garden() -> Any:
    return community("garden")


@pytest.fixture
def lin(garden: Any, client: Client) -> Client:
    """Lin administers the installation."""
    client.force_login(Staff.objects.create(username="lin", role=Role.ADMIN, language="en"))
    return client


@pytest.fixture
def connected(sandbox: Sandbox, garden: Any) -> Corp:
    corp = sandbox.corp(community="garden")
    corp.save()
    return corp


def filled(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    app = sandbox.json["apps"][0]
    told = {"community": "garden", "corpid": sandbox.json["corpid"], "name": "栀野", "api": sandbox.base_url}
    return {**told, "agentid": app["agentid"], "app_secret": app["secret"], **changes}


@pytest.mark.method("I01")
def test_a_company_is_connected_by_its_id_and_the_apps_secret(lin: Client, sandbox: Sandbox) -> None:
    answer = lin.post("/wecom/connect/", filled(sandbox))
    corp = Corp.objects.get()
    assert answer.headers["Location"] == f"/wecom/{corp.pk}/"
    page = lin.get(f"/wecom/{corp.pk}/").content.decode()
    assert f"/hooks/wecom/{corp.hook}" in page
    assert corp.callback_token in page
    assert corp.callback_key in page
    assert corp.app_secret not in page
    lin.post(f"/wecom/{corp.pk}/callback/", {"listen": "1"})
    jobs = apps.get_model("jobs", "Job").objects
    assert jobs.filter(kind="sync", key=str(corp.account)).count() == 1, "who and what there is will be read"
    assert Connection.objects.get().account == corp.account


def test_a_wrong_secret_is_refused_with_why_and_nothing_is_kept(lin: Client, sandbox: Sandbox) -> None:
    answer = lin.post("/wecom/connect/", filled(sandbox, app_secret="not-the-secret"))
    page = answer.content.decode()
    assert "40001" in page
    assert "not-the-secret" not in page
    assert not Corp.objects.exists()
    lin.post("/wecom/connect/", filled(sandbox, app_secret="not-the-secret", anyway="1"))
    assert Corp.objects.get().app_secret == "not-the-secret", "kept because somebody said so"


def test_a_company_is_connected_to_a_community_once(lin: Client, sandbox: Sandbox, connected: Corp) -> None:
    page = lin.post("/wecom/connect/", filled(sandbox)).content.decode()
    assert "already" in page
    assert Corp.objects.count() == 1


def test_what_is_left_empty_stays_as_it_is(lin: Client, connected: Corp) -> None:
    lin.post(f"/wecom/{connected.pk}/app/", {"name": "栀野生活馆", "agentid": connected.agentid, "app_secret": "", "api": ""})
    corp = Corp.objects.get()
    assert corp.name == "栀野生活馆"
    assert (corp.app_secret, corp.api) == (connected.app_secret, connected.api)


def test_a_secret_of_customer_contact_is_tried_and_can_be_given_up(lin: Client, sandbox: Sandbox, connected: Corp) -> None:
    address = f"/wecom/{connected.pk}/customers/"
    assert lin.post(address, {"contact_secret": "wrong"}).status_code == 422
    lin.post(address, {"contact_secret": sandbox.json["contact_secret"]})
    assert Corp.objects.get().contact_secret == sandbox.json["contact_secret"]
    lin.post(address, {"contact_secret": ""})
    assert Corp.objects.get().contact_secret == ""


def test_the_page_tells_when_the_platform_has_asked(lin: Client, connected: Corp) -> None:
    address = f"/wecom/{connected.pk}/callback/seen/"
    assert "every 3s" in lin.get(address).content.decode()
    companies.echoed(connected, now=NOW)
    assert "every 3s" not in lin.get(address).content.decode()


def test_a_company_is_disconnected_by_typing_its_id(lin: Client, connected: Corp) -> None:
    companies.listen(connected, now=NOW)
    lin.post(f"/wecom/{connected.pk}/leave/", {"corpid": "ww-something-else"})
    assert Corp.objects.exists()
    lin.post(f"/wecom/{connected.pk}/leave/", {"corpid": connected.corpid})
    assert not Corp.objects.exists()
    assert not Connection.objects.exists()


def test_the_check_up_is_read_page_by_page(lin: Client, connected: Corp) -> None:
    assert lin.get(f"/wecom/{connected.pk}/doctor/").status_code == 200
    page = lin.get(f"/wecom/{connected.pk}/doctor/findings/?only=trusted_ip,groups").content.decode()
    assert "found-trusted_ip" in page
    assert "found-callback" not in page
    assert connected.callback_token not in page


def seated(where: Any, username: str, role: Role) -> Client:
    staff = Staff.objects.create(username=username, role=role, language="en")
    apps.get_model("community", "Seat").objects.create(community=where, staff=staff)
    client = Client()
    client.force_login(staff)
    return client


def test_a_lead_may_look_but_sees_no_token_and_changes_nothing(garden: Any, connected: Corp) -> None:
    mo = seated(garden, "mo", Role.LEAD)
    page = mo.get(f"/wecom/{connected.pk}/").content.decode()
    assert connected.callback_token not in page
    assert connected.callback_key not in page
    assert connected.hook not in page
    assert mo.get(f"/wecom/{connected.pk}/doctor/findings/?only=groups").status_code == 200
    for place in ("app", "customers", "callback", "leave", "colleagues/give", "colleagues/let-in"):
        assert mo.post(f"/wecom/{connected.pk}/{place}/").status_code == 403, place
    for place in ("/wecom/connect/", f"/wecom/{connected.pk}/colleagues/", f"/wecom/{connected.pk}/callback/seen/"):
        assert mo.get(place).status_code == 403, place


def test_an_operator_has_no_business_here(garden: Any, connected: Corp) -> None:
    tao = seated(garden, "tao", Role.OPERATOR)
    for place in ("/wecom/", f"/wecom/{connected.pk}/", f"/wecom/{connected.pk}/doctor/"):
        assert tao.get(place).status_code == 403


def test_yu_from_elsewhere_sees_nothing(connected: Corp) -> None:
    yu = seated(community("elsewhere"), "yu", Role.LEAD)
    assert connected.corpid not in yu.get("/wecom/").content.decode()
    for place in ("", "doctor/", "doctor/findings/", "sync/"):
        assert yu.get(f"/wecom/{connected.pk}/{place}").status_code == 404, place
