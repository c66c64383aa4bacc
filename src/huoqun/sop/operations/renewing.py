"""A launch goes on with another version of its playbook."""

from __future__ import annotations

from huoqun.sop.errors import CannotLaunch
from huoqun.sop.models import Launch, Version


def renew(launch: Launch, version: Version) -> int:
    """Runs that begin from now on are of this version; those under way end with theirs.

    Raises CannotLaunch. 0: it had ended.
    """
    if (error := what_is_missing(launch, version)) is not None:
        raise error
    rows = Launch.objects.filter(pk=launch.pk, version__playbook=version.playbook_id).exclude(state=Launch.State.ENDED)
    return rows.update(version=version)


def what_is_missing(launch: Launch, version: Version) -> CannotLaunch | None:
    """Why this launch cannot take the version; None: it can."""
    missing = [question for name, question in version.book.asks.items() if not launch.answers.get(name, "").strip()]
    if missing:
        return CannotLaunch(f"Not answered yet: {' '.join(missing)}")
    if version.book.audience.about != launch.version.book.audience.about:
        return CannotLaunch("The new version is about something else: end this launch and put the new version to work.")
    return None
