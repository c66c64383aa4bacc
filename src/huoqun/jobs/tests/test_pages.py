from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from huoqun.console.models import Role, Staff
from huoqun.jobs import operations
from huoqun.jobs.models import Job, State

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(Staff.objects.create(username="root", role=Role.ADMIN))
    return client


@pytest.mark.method("I18")
def test_a_failed_job_says_so_without_its_traceback_and_can_be_gone_on_with(root: Client) -> None:
    operations.ask("audit", {"community": "balcony"}, key="balcony/1", by=None, now=NOW)
    job = operations.claim(["audit"], now=NOW)
    assert job is not None
    operations.fail(job, ValueError("SELECT secret FROM table"), plain="", now=NOW)
    page = root.get(reverse("jobs:jobs")).content.decode()
    assert "balcony/1" in page
    assert "SELECT" not in page
    root.post(reverse("jobs:jobs"), {"action": "go_on", "rows": [job.pk]})
    assert Job.objects.filter(state=State.WAITING, key="balcony/1").count() == 1


def test_a_waiting_job_is_cancelled(root: Client) -> None:
    job = operations.ask("audit", {}, key="a", by=None, now=NOW)
    root.post(reverse("jobs:jobs"), {"action": "cancel", "rows": [job.pk]})
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_only_administrators_look(client: Client) -> None:
    client.force_login(Staff.objects.create(username="lin", role=Role.LEAD))
    assert client.get(reverse("jobs:jobs")).status_code == 403
