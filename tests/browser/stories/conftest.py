"""The cast of the stories, and the world they live in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.wiring.worker import Worker
from tests.browser.stories import world
from tests.browser.window import Window


@pytest.fixture(scope="session")
def kept_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock():
        world.make(folder / "files", now=datetime.now(UTC))
        world.keep(folder)
        call_command("flush", interactive=False, verbosity=0)
    return folder


@pytest.fixture(autouse=True)
def nothing_left_over() -> None:
    """What an earlier test imported is not known already."""
    world.forget_files()


@pytest.fixture
def groups_live(live_server: LiveServer, kept_world: Path, nothing_left_over: None) -> Community:
    """Three communities with their audited groups; with it the one Mo and Tao work in."""
    world.put_back(kept_world)
    return world.home()


@pytest.fixture
def worker() -> Worker:
    """Takes its turn when a story says so."""
    return Worker()


@pytest.fixture
def seated(groups_live: Community, member: Callable[..., Staff]) -> Callable[..., Staff]:
    """Somebody with a seat in the community of the story."""

    def make(role: str, *, language: str = "zh-hans") -> Staff:
        staff = member(role, language=language)
        communities.seat(staff, groups_live)
        return staff

    return make


@pytest.fixture
def mo(seated: Callable[..., Staff], signed_in: Callable[..., Window]) -> Window:
    """Mo leads the community of the story."""
    seated(Role.LEAD)
    return signed_in(Role.LEAD)
