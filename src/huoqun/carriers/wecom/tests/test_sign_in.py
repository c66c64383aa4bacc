"""Coming in with WeCom, the whole way round: our page, theirs, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.operations.companies import issuer
from huoqun.carriers.wecom.tests.sandbox import Sandbox
from huoqun.console import operations as console
from huoqun.console.models import Passport, Role, Staff

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone) wxwork/4.1.20 MicroMessenger/7.0.1"
PASSWORD = "正确的马、电池 42"


@pytest.fixture
def corp(sandbox: Sandbox) -> Corp:
    corp = sandbox.corp(sign_in=True)
    corp.save()
    return corp


@pytest.fixture
def mo() -> Staff:
    staff = Staff.objects.create(username="mo", name="莫", role=Role.OPERATOR, language="en")
    staff.set_password(PASSWORD)
    staff.save()
    return staff


@pytest.fixture
def knows_mo(corp: Corp, mo: Staff) -> Passport:
    return console.give_passport(mo, issuer(corp), "mo", by=mo, now=NOW)


Way = Callable[..., str]


@pytest.fixture
def there_and_back(client: Client, corp: Corp) -> Way:
    """Sets out with `client`, shows who one is over there; the address one comes back to."""

    def walk(userid: str, *, onward: str = "/todos/", agent: str = "", link: bool = False) -> str:
        query = {"next": onward, **({"link": "1"} if link else {})}
        off = client.get(f"/wecom/{corp.pk}/in/", query, headers={"user-agent": agent})
        assert off.status_code == 302
        with httpx.Client(trust_env=False) as browser:
            back = browser.get(f"{off.headers['Location'].partition('#')[0]}&as={userid}")
        assert back.status_code == 302, back.text
        parts = urlsplit(back.headers["Location"])
        return f"{parts.path}?{parts.query}"

    return walk


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.method("J01")
def test_a_colleague_comes_in_by_scanning(client: Client, knows_mo: Passport, there_and_back: Way) -> None:
    answer = client.get(there_and_back("mo"))
    assert answer.headers["Location"] == "/todos/"
    assert client.session["_auth_user_id"] == str(knows_mo.staff_id)
    knows_mo.refresh_from_db()
    assert knows_mo.used_at is not None


def test_within_the_app_the_other_page_is_asked(client: Client, corp: Corp) -> None:
    for agent, path in ((PHONE, "/connect/oauth2/authorize"), ("Mozilla/5.0", "/wwlogin/sso/login")):
        off = client.get(f"/wecom/{corp.pk}/in/", headers={"user-agent": agent})
        parts = urlsplit(off.headers["Location"])
        assert parts.path == path
        assert parse_qs(parts.query)["redirect_uri"][0].endswith("/wecom/in/back/")


def test_somebody_the_house_does_not_know_is_not_let_in(client: Client, there_and_back: Way) -> None:
    answer = client.get(there_and_back("tao"))
    assert answer.status_code == 403
    assert "tao" in answer.content.decode()
    assert not is_in(client)
    assert not Staff.objects.filter(username="tao").exists(), "nobody gets an account by it"


def test_a_customer_is_not_a_colleague(client: Client, knows_mo: Passport, there_and_back: Way) -> None:
    assert client.get(there_and_back("")).status_code == 403
    assert not is_in(client)


def test_a_state_is_good_once(client: Client, knows_mo: Passport, there_and_back: Way) -> None:
    way = there_and_back("mo")
    assert client.get(way).status_code == 302
    client.logout()
    assert client.get(way).status_code == 403
    assert not is_in(client)


def test_a_way_begun_in_another_browser_leads_nowhere(knows_mo: Passport, there_and_back: Way) -> None:
    elsewhere = Client()
    assert elsewhere.get(there_and_back("mo")).status_code == 403
    assert not is_in(elsewhere)


def test_a_code_that_somebody_used_before_is_refused(
    client: Client, sandbox: Sandbox, knows_mo: Passport, there_and_back: Way
) -> None:
    used = parse_qs(urlsplit(there_and_back("mo")).query)["code"][0]
    fresh = parse_qs(urlsplit(there_and_back("mo")).query)
    assert client.get("/wecom/in/back/", {"code": used, "state": fresh["state"][0]}).status_code == 302
    client.logout()
    again = parse_qs(urlsplit(there_and_back("mo")).query)["state"][0]
    assert client.get("/wecom/in/back/", {"code": used, "state": again}).status_code == 403
    assert not is_in(client)


def test_nobody_is_led_to_a_strangers_site(client: Client, knows_mo: Passport, there_and_back: Way) -> None:
    assert client.get(there_and_back("mo", onward="https://evil.example/")).headers["Location"] == "/"


def test_an_account_that_is_switched_off_stays_out(client: Client, knows_mo: Passport, there_and_back: Way) -> None:
    Staff.objects.update(is_active=False)
    assert client.get(there_and_back("mo")).status_code == 403
    assert not is_in(client)


def test_a_company_that_does_not_let_in_has_no_door(client: Client, corp: Corp) -> None:
    assert "WeCom" in client.get("/account/login/", headers={"accept-language": "en"}).content.decode()
    Corp.objects.update(sign_in=False)
    assert client.get(f"/wecom/{corp.pk}/in/").status_code == 404
    assert "WeCom" not in client.get("/account/login/", headers={"accept-language": "en"}).content.decode()


def test_a_colleague_adds_wecom_to_their_own_account(client: Client, corp: Corp, mo: Staff, there_and_back: Way) -> None:
    password_shown(client, mo)
    answer = client.get(there_and_back("mo", link=True, onward="/account/"))
    assert answer.headers["Location"] == "/account/"
    assert Passport.objects.get().staff == mo
    assert "mo" in client.get("/account/").content.decode()


def password_shown(client: Client, staff: Staff) -> None:
    client.force_login(staff)
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


def test_whoever_adds_it_shows_first_that_it_is_really_them(client: Client, corp: Corp, mo: Staff) -> None:
    client.force_login(mo)  # a session somebody found open
    off = client.get(f"/wecom/{corp.pk}/in/", {"link": "1"})
    assert "/account/reauthenticate/" in off.headers["Location"]


def test_a_passport_opens_one_account(client: Client, knows_mo: Passport, there_and_back: Way) -> None:
    tao = Staff.objects.create(username="tao2", role=Role.OPERATOR)
    tao.set_password(PASSWORD)
    tao.save()
    password_shown(client, tao)
    assert client.get(there_and_back("mo", link=True)).status_code == 403
    assert Passport.objects.get().staff_id == knows_mo.staff_id


def test_an_administrator_says_who_comes_in_with_which_account(
    client: Client, corp: Corp, mo: Staff, there_and_back: Way
) -> None:
    lin = Staff.objects.create(username="lin", role=Role.ADMIN, language="en")
    apps_community(corp.community)
    client.force_login(lin)
    page = f"/wecom/{corp.pk}/colleagues/"
    assert client.post(page + "give/", {"staff": mo.pk, "userid": "mo"}).status_code == 302
    assert "mo" in client.get(page).content.decode()
    taken = client.post(page + "give/", {"staff": lin.pk, "userid": "mo"})
    assert taken.status_code == 422
    client.logout()
    assert client.get(there_and_back("mo")).status_code == 302
    assert client.session["_auth_user_id"] == str(mo.pk)


def apps_community(slug: str) -> None:
    from django.apps import apps

    apps.get_model("community", "Community").objects.create(slug=slug, name=slug, created_at=NOW)
