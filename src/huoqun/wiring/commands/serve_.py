"""`huoqun serve`: the console and the worker together."""

from __future__ import annotations

import click

from huoqun.wiring import first_start, serving
from huoqun.wiring.terminal import say


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=1, show_default=True, help="Web processes.")
@click.option("--sample", is_flag=True, help="At the very first start, load the sample communities.")
@click.option("--no-worker", is_flag=True, help="Web only; run `huoqun worker` elsewhere.")
def command(host: str, port: int, processes: int, sample: bool, no_worker: bool) -> None:
    """Start the console and the worker. The first start sets the database up and prints a one-time sign-in link."""
    if serving.is_taken(host, port):
        raise click.ClickException(f"something listens on {host}:{port} already; stop it, or choose another --port")
    base = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 -- asked for by whoever starts it
    first_start.prepare(sample=sample)
    say(f"Huoqun 活群: {base}")
    if link := first_start.sign_in_link(base):
        say(f"登录链接(一次有效) / sign in once: {link}")
    serving.serve(host, port, processes=processes, worker=not no_worker)
