"""What the tests themselves rest on can fail, too."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["tests.plugins.{name}"]\n'
HOUSE = Path(__file__).resolve().parent.parent


@pytest.fixture
def outer(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", f"{HOUSE}:{HOUSE / 'src'}")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    return pytester


def run(outer: pytest.Pytester, plugin: str, source: str, *arguments: str) -> pytest.RunResult:
    outer.makeconftest(CONFTEST.format(name=plugin))
    outer.makeini("[pytest]\nmarkers = method(*ids): items\n")
    outer.makepyfile(source)
    return outer.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_another_machine_is_out_of_reach_even_where_the_refusal_is_swallowed(outer: pytest.Pytester) -> None:
    source = """
        import socket

        def test_swallows():
            try:
                socket.create_connection(("192.0.2.1", 80), timeout=1)
            except Exception:
                pass

        def test_asks_for_an_address():
            socket.getaddrinfo("example.org", 80)
    """
    run(outer, "no_network", source).assert_outcomes(passed=1, errors=2, failed=1)


def test_this_machine_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname(), timeout=5) as guest:
        assert guest.getpeername() == door.getsockname()


def test_an_item_counts_where_a_test_passes_and_none_fails(outer: pytest.Pytester) -> None:
    source = """
        import pytest

        @pytest.mark.method("A01", "A02")
        def test_good(): pass

        @pytest.mark.method("A02")
        def test_bad(): assert 0

        @pytest.mark.method("A03")
        @pytest.mark.skip
        def test_skipped(): pass
    """
    result = run(outer, "method", source, "--method")
    result.stdout.fnmatch_lines(["1 of 248 items*", "shown:   A01(1)", "failing: A02", "missing: A03 A04 *"])


def test_an_item_nobody_knows_is_a_mistake(outer: pytest.Pytester) -> None:
    result = run(outer, "method", "import pytest\n@pytest.mark.method('Z99')\ndef test_x(): pass\n")
    result.stderr.fnmatch_lines(["*the method has no item Z99*"])


def test_what_touches_the_database_is_marked(outer: pytest.Pytester) -> None:
    source = """
        import pytest

        def test_pure(): pass

        def test_by_fixture(db): pass

        @pytest.mark.django_db
        def test_by_mark(): pass
    """
    run(outer, "databases", source, "--collect-only", "-m", "database").assert_outcomes(deselected=1)
