"""What is kept of a company, and how."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from huoqun.carriers.wecom.models import Corp, Door

pytestmark = pytest.mark.django_db


def test_secrets_lie_sealed_in_the_table() -> None:
    made = Corp.objects.create(community="garden", corpid="ww1", app_secret="s3cret", made_at=datetime(2026, 3, 2, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_secret, archive_secret FROM wecom_corp")
        (app, archive) = cursor.fetchone()
    assert "s3cret" not in app
    assert archive == ""
    again = Corp.objects.get(pk=made.pk)
    assert (again.secret(Door.APP), again.secret(Door.CONTACT), again.secret(Door.ARCHIVE)) == ("s3cret", "s3cret", "")


def test_every_company_has_an_address_of_its_own() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    hooks = {Corp.objects.create(community=slug, corpid="ww1", made_at=at).hook for slug in ("garden", "orchard")}
    assert len(hooks) == 2
    assert all(len(hook) >= 24 for hook in hooks)
