from __future__ import annotations

import socket

from click.testing import CliRunner

from huoqun.wiring import serving
from huoqun.wiring.commands.serve_ import command


def test_an_address_somebody_listens_on_is_not_shared() -> None:
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        assert serving.is_taken("127.0.0.1", port)
        said = CliRunner().invoke(command, ["--port", str(port)])
        assert said.exit_code == 1
        assert f"127.0.0.1:{port}" in said.output
        assert "--port" in said.output
    assert not serving.is_taken("127.0.0.1", port)
