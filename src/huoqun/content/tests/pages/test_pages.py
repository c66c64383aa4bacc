from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.community.operations import groups as group_operations
from huoqun.console.models import Staff
from huoqun.content import operations
from huoqun.content.models import Broadcast, Picture, Recipient
from huoqun.content.operations.sending import plan
from huoqun.content.tests.conftest import NOW, group, member, sent, written
from huoqun.jobs.models import Job
from huoqun.outbox.models import Pause, Request

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
FORM = {"title": "周末换苗", "text": "{{群名}}，周六换苗", "to": "groups"}


def page(client: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    answer = client.get(reverse(f"content:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_operator_writes_looks_and_sends(client: Client, mo: Staff, groups: dict[str, Group]) -> None:
    client.force_login(mo)
    assert "周末换苗" not in page(client, "broadcasts")
    page(client, "write")
    form = FORM | {"q": "番茄", "link_url": "https://example.com/swap", "quiet_from": "22:00", "quiet_to": "08:00"}
    answer = client.post(reverse("content:write"), form | {"pictures": [SimpleUploadedFile("苗.png", PNG)]})
    draft = Broadcast.objects.get()
    assert answer.headers["Location"] == reverse("content:broadcast", args=[draft.pk])
    assert draft.questions == {"own": {"q": ["番茄"]}, "view": {}}
    preview = page(client, "broadcast", draft.pk)
    assert "1 个群会收到。" in preview
    assert "番茄群，周六换苗" in preview
    assert not Request.objects.exists()
    client.post(reverse("content:send", args=[draft.pk]))
    plan(draft.pk, now=timezone.now(), dice=lambda: 0.5)
    (request,) = Request.objects.all()
    assert Picture.objects.get().upload_id in request.payload
    assert "https://example.com/swap" in request.payload
    followed = page(client, "broadcast", draft.pk)
    assert "1 个群中 0 个已收到，1 个还没发出。" in followed
    assert 'hx-trigger="every 3s"' in followed
    part = client.get(reverse("content:broadcast", args=[draft.pk]), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert "番茄群" in page(client, "recipients", draft.pk)
    assert "周末换苗" in page(client, "broadcasts")


def test_the_form_says_what_is_wrong_and_keeps_nothing(
    client: Client, lin: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    client.force_login(lin)
    communities.describe(balcony, name=balcony.name, zone="Europe/Berlin")
    view = group_operations.save_segment(lin, "groups", "广告多的群", {"cause": ["ads"]})
    people = group_operations.save_segment(lin, "people", "常来的人", {"messages_from": ["10"]})
    wrong: list[dict[str, object]] = [
        {"text": "{{群明}}"},
        {"text": "{{昵称}}"},
        {"text": "{{群名"},
        {"text": ""},
        {"link_url": "javascript:alert(1)"},
        {"link_url": "file:///etc/passwd"},
        {"send_at": "2026-03-29T02:30"},
        {"send_at": "tomorrow"},
        {"spread_minutes": "-1"},
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
        {"to": "everybody"},
        {"view": f"groups:{view.pk}"},
        {"view": f"people:{people.pk}"},
        {"view": "groups:999999"},
        {"operator": "999999"},
        {"pictures": [SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", content_type="image/png")]},
        {"pictures": [SimpleUploadedFile(f"{n}.png", PNG) for n in range(10)]},
    ]
    for fields in wrong:
        answer = client.post(reverse("content:write"), FORM | fields)
        assert answer.status_code == 422, fields
        assert "form-wrong" in answer.content.decode(), fields
    assert not Broadcast.objects.exists()
    assert client.post(reverse("content:write"), FORM).status_code == 302


def test_a_time_is_by_the_clock_of_the_community_not_of_whoever_writes(client: Client, lin: Staff, balcony: Community) -> None:
    client.force_login(lin)
    communities.describe(balcony, name=balcony.name, zone="Europe/Berlin")
    client.post(reverse("content:write"), FORM | {"send_at": "2026-03-29T03:30"})
    draft = Broadcast.objects.get()
    assert draft.send_at is not None
    assert draft.send_at.isoformat() == "2026-03-29T01:30:00+00:00"
    assert 'value="2026-03-29T03:30"' in page(client, "edit", draft.pk)


def test_a_saved_view_is_copied_so_that_removing_it_widens_nothing(
    client: Client, lin: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    client.force_login(lin)
    view = group_operations.save_segment(lin, "groups", "番茄", {"q": ["番茄"], "sort": ["state"]})
    client.post(reverse("content:write"), FORM | {"view": f"groups:{view.pk}"})
    draft = Broadcast.objects.get()
    group_operations.drop_segment(view)
    assert "1 个群会收到" in page(client, "broadcast", draft.pk)
    client.post(reverse("content:edit", args=[draft.pk]), FORM | {"view": "kept", "title": "换个标题"})
    draft.refresh_from_db()
    assert (draft.title, draft.questions["view"]["q"], draft.view_name) == ("换个标题", ["番茄"], "番茄")


def test_the_preview_names_those_without_a_value_and_offers_no_sending(
    client: Client, lin: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    client.force_login(lin)
    draft = written(balcony, lin, text="{{运营}}在{{群名}}等你")
    preview = page(client, "broadcast", draft.pk)
    assert "{{运营|…}}" in preview
    assert reverse("content:send", args=[draft.pk]) not in preview
    client.post(reverse("content:send", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_preview_says_who_is_left_out_and_what_goes_by_hand(
    client: Client, mo: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    client.force_login(mo)
    group(balcony, "枯萎群", operator=mo, state="dead")
    preview = page(client, "broadcast", written(balcony, mo).pk)
    assert "3 个群会收到，其中 1 个要人工发，2 个不发。" in preview
    assert "不在你的范围内" in preview
    assert "群已死" in preview


def test_who_belongs_elsewhere_sees_nothing(
    client: Client, yu: Staff, lin: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    draft, going = written(balcony, lin), sent(written(balcony, lin, title="已发的"), lin)
    (picture,) = operations.add_pictures(draft, [SimpleUploadedFile("a.png", PNG)])
    tag = group_operations.tag(balcony, "本周", groups=[groups["番茄群"]])
    client.force_login(yu)
    for name in ("broadcast", "edit", "recipients"):
        for row in (draft, going):
            page(client, name, row.pk, status=404)
    page(client, "picture", picture.upload_id, status=404)
    for name in ("send", "try", "pause", "resume", "stop", "discard"):
        assert client.post(reverse(f"content:{name}", args=[going.pk])).status_code == 404, name
    assert client.post(reverse("content:drop_picture", args=[draft.pk, picture.upload_id])).status_code == 404
    listed = page(client, "broadcasts")
    assert "周末换苗" not in listed
    assert "已发的" not in listed
    # Neither may she write into it from her own.
    assert page(client, "write", community="balcony").count("阳台种菜") == 0
    asked = {"tag": [str(tag.pk)], "group": [str(groups["番茄群"].pk)]}
    assert client.post(reverse("content:write"), FORM | asked | {"title": "混进来"}).status_code in {302, 422}
    for mine in Broadcast.objects.filter(written_by=yu):
        assert mine.community.slug == "elsewhere"
        assert "番茄群" not in page(client, "broadcast", mine.pk)
    draft.refresh_from_db()
    assert draft.is_draft
    assert Picture.objects.exists()


def test_observers_look_and_operators_leave_colleagues_broadcasts_alone(
    client: Client, observer: Staff, mo: Staff, lin: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    draft, going = written(balcony, lin), sent(written(balcony, lin), lin)
    for staff in (observer, mo):
        client.force_login(staff)
        for row in (draft, going):
            shown = page(client, "broadcast", row.pk)
            assert '<form method="post" action="/broadcasts/' not in shown
            page(client, "edit", row.pk, status=403)
        assert "4 个群会收到" in page(client, "broadcast", draft.pk)
        for name in ("send", "try", "pause", "resume", "stop", "discard"):
            assert client.post(reverse(f"content:{name}", args=[going.pk])).status_code == 403, name
    client.force_login(observer)
    page(client, "write", status=403)
    assert client.post(reverse("content:write"), FORM).status_code == 403
    client.force_login(lin)
    assert '<form method="post" action="/broadcasts/' in page(client, "broadcast", going.pk)


def test_pause_go_on_and_stop_by_the_page(client: Client, lin: Staff, balcony: Community, groups: dict[str, Group]) -> None:
    going = sent(written(balcony, lin), lin)
    client.force_login(lin)
    client.post(reverse("content:pause", args=[going.pk]))
    assert "已暂停" in page(client, "broadcast", going.pk)
    assert "已暂停" in page(client, "broadcasts")
    client.post(reverse("content:resume", args=[going.pk]))
    assert not Pause.objects.filter(lifted_at=None).exists()
    client.post(reverse("content:stop", args=[going.pk]))
    going.refresh_from_db()
    assert going.state == "stopped"
    assert set(Request.objects.values_list("state", flat=True)) == {"cancelled"}
    shown = page(client, "broadcast", going.pk)
    assert 'hx-trigger="every 3s"' not in shown


def test_pictures_are_kept_out_of_reach_and_go_with_the_draft(
    client: Client, lin: Staff, observer: Staff, balcony: Community
) -> None:
    draft = written(balcony, lin)
    (picture,) = operations.add_pictures(draft, [SimpleUploadedFile("../../苗.html", PNG, content_type="text/html")])
    file = Path(settings.UPLOADS) / "pictures" / picture.upload_id
    assert re.fullmatch(r"[0-9a-f]{32}\.png", picture.upload_id)
    assert file.read_bytes() == PNG
    assert client.get(reverse("content:picture", args=[picture.upload_id])).status_code == 302
    client.force_login(observer)
    answer = client.get(reverse("content:picture", args=[picture.upload_id]))
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert client.get("/broadcasts/pictures/..%2F..%2Fsecrets").status_code == 404
    client.force_login(lin)
    (second,) = operations.add_pictures(draft, [SimpleUploadedFile("b.png", PNG)])
    client.post(reverse("content:drop_picture", args=[draft.pk, second.upload_id]))
    assert list(draft.pictures.all()) == [picture]


def test_hostile_words_are_shown_as_words(client: Client, lin: Staff, balcony: Community) -> None:
    evil = "<script>alert(1)</script>{{运营|<b>x</b>}}"
    group(balcony, "<img src=x onerror=alert(1)>")
    draft = written(
        balcony, lin, title=evil[:25], text=f"{{{{群名}}}} {evil}", link_url="https://e.com/?\"'><script>", link_title="<i>"
    )
    client.force_login(lin)
    pages = [page(client, "broadcast", draft.pk), page(client, "edit", draft.pk), page(client, "broadcasts")]
    sent(draft, lin)
    pages += [page(client, "broadcast", draft.pk), page(client, "recipients", draft.pk)]
    for shown in pages:
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "&lt;" in shown


def test_long_lists_cost_the_same_queries(
    client: Client, lin: Staff, balcony: Community, django_assert_max_num_queries: object
) -> None:
    places = [group(balcony, f"群{n}") for n in range(60)]
    for n, place in enumerate(places):
        member(place, f"人{n}")
    going = sent(written(balcony, lin), lin)
    for _ in range(12):
        sent(written(balcony, lin), lin)
    draft = written(balcony, lin)
    client.force_login(lin)
    for name, args in (("broadcasts", ()), ("broadcast", (going.pk,)), ("broadcast", (draft.pk,)), ("recipients", (going.pk,))):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            page(client, name, *args)


def test_what_is_asked_of_the_worker_is_asked_once(
    client: Client, lin: Staff, balcony: Community, groups: dict[str, Group]
) -> None:
    draft = written(balcony, lin, send_at=timezone.now() + timedelta(days=1))
    client.force_login(lin)
    for _ in range(2):
        client.post(reverse("content:send", args=[draft.pk]))
    assert Job.objects.count() == 1
    plan(draft.pk, now=timezone.now())
    assert Recipient.objects.count() == 4
    assert timezone.now() > NOW
