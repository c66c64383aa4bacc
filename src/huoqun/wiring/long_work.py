"""Which function does which kind of long work, and what is done every day."""

from __future__ import annotations

from datetime import time, timedelta

from django.conf import settings

from huoqun.content.long_work import run_broadcast
from huoqun.health.long_work import run_daily_audits
from huoqun.health.report_work import run_report, run_weekly_reports
from huoqun.health.trial_work import run_draw, run_outlook, run_reading
from huoqun.history.operations import maintain
from huoqun.inbox import operations as inbox
from huoqun.jobs import operations as jobs
from huoqun.jobs.rules import Daily
from huoqun.jobs.run import Run, Work
from huoqun.outbox import operations as outbox
from huoqun.ownership import operations as ownership
from huoqun.sop.long_work import run_move
from huoqun.sop.version_work import take_another_version
from huoqun.sop.voice_work import take_new_voices
from huoqun.wiring import heard
from huoqun.wiring.erasing import run_erasure, sweep
from huoqun.wiring.importing import run_import, run_undo
from huoqun.wiring.subscriptions import SUBSCRIPTIONS
from huoqun.wiring.syncing import ask_for_all, run_sync

KEEP_LOG = timedelta(days=30)
"""Entries everybody has read stay so long: no carrier delivers again after that, and what was wrong can still be looked at."""

KEEP_JOBS = timedelta(days=180)
KEEP_SENT = timedelta(days=90)
"""What was sent can be looked up so long, request by request; counts stay with whoever asked."""


def tidy(run: Run) -> None:
    """Shorten what only grows."""
    run.report(0, 4)
    inbox.forget(run.now() - KEEP_LOG, subscriptions=SUBSCRIPTIONS)
    run.report(1, 4)
    outbox.forget(run.now() - KEEP_SENT, now=run.now())
    run.report(2, 4)
    ownership.forget(run.now() - KEEP_JOBS)
    run.report(3, 4)
    jobs.forget(run.now() - KEEP_JOBS)


def keep_history_in_order(run: Run) -> None:
    """Merge small files of history and delete those nobody reads any more, and what erased people left in it."""
    sweep()
    maintain()


LONG_WORK: dict[str, Work] = {
    "another_version": take_another_version,
    "audit": heard.audit,
    "broadcast": run_broadcast,
    "daily_audits": run_daily_audits,
    "erase": run_erasure,
    "import": run_import,
    "move_steps": run_move,
    "new_voices": take_new_voices,
    "undo_import": run_undo,
    "report": run_report,
    "weekly_reports": run_weekly_reports,
    "sync": run_sync,
    "nightly_syncs": ask_for_all,
    "tidy": tidy,
    "trial_draw": run_draw,
    "trial_outlook": run_outlook,
    "trial_reading": run_reading,
    "history_upkeep": keep_history_in_order,
}

CALENDAR = (
    # Before the audits, so that these know who came and went unheard.
    Daily("nightly_syncs", time(23), settings.DEFAULT_ZONE),
    Daily("daily_audits", time(0, 30), settings.DEFAULT_ZONE),
    # After the audits have begun; a report is made in the morning of its community, wherever that is.
    Daily("weekly_reports", time(1), settings.DEFAULT_ZONE),
    Daily("tidy", time(3, 30), settings.DEFAULT_ZONE),
    Daily("history_upkeep", time(4), settings.DEFAULT_ZONE),
)
