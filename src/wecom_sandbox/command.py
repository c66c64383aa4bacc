"""`huoqun-sandbox`: starts the sandbox; its first output line is JSON that any client can be pointed at."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Sequence

from .company import Company, Plan
from .errors import NoSense
from .front import Front
from .server import Server


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="huoqun-sandbox", description="A WeCom of one invented company.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--seed", type=int, default=1, help="the same seed and sizes make the same company")
    parser.add_argument("--staff", type=int, help="colleagues (default: 8, or one for 30 groups)")
    parser.add_argument("--groups", type=int, default=12)
    parser.add_argument("--people", type=int, help="memberships in all groups together (default: 75 a group)")
    parser.add_argument("--customers", type=int, help="people whom a colleague has as a contact (default: a third of --people)")
    parser.add_argument("--now", type=int, help="Unix seconds at which its clock begins (default: the real time)")
    parser.add_argument("--callback", default="", help="address events are delivered to")
    parser.add_argument("--base-url", default="", help="address it is reached at from outside, if not host and port")
    parser.add_argument("--no-quotas", action="store_true", help="never answer 45009 because of frequency")
    return parser


def plan_from(wishes: argparse.Namespace) -> Plan:
    people = wishes.people if wishes.people is not None else 75 * wishes.groups
    return Plan(
        seed=wishes.seed,
        staff=wishes.staff if wishes.staff is not None else max(8, wishes.groups // 30),
        groups=wishes.groups,
        people=people,
        customers=wishes.customers if wishes.customers is not None else people // 3,
        born=wishes.now,
        quotas=not wishes.no_quotas,
    )


def server_for(wishes: argparse.Namespace) -> Server:
    """Not started yet. Raises ValueError or NoSense for wishes that cannot be, OSError for a port that is taken."""
    company = Company(plan_from(wishes))
    company.callback_url = wishes.callback
    server = Server(Front(company), wishes.host, wishes.port)
    company.base_url = wishes.base_url.rstrip("/") or company.base_url
    return server


def main(arguments: Sequence[str] | None = None) -> int:
    wishes = _arguments().parse_args(arguments)
    try:
        server = server_for(wishes)
    except (ValueError, NoSense, OSError) as wrong:
        print(f"huoqun-sandbox: {wrong}", file=sys.stderr)  # noqa: T201
        return 2
    company = server.front.company
    server.start()
    print(json.dumps(company.told(), ensure_ascii=False), flush=True)  # noqa: T201
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()
    return 0
