"""What the reference calls unconfirmed, and what differs from company to company: numbers to turn."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from .errors import NoSense


@dataclass(slots=True)
class Settings:
    """Changed at run time through `POST /sandbox/settings`. Seconds unless the name says otherwise."""

    token_life: int = 7200
    token_length: int = 214
    repeated_token_says_full_life: bool = False
    """gettoken while a token is valid: tells the seconds left (False), or the full life again (True)."""
    wrong_gettoken_an_hour: int = 2000
    welcome_code_life: int = 20
    native_welcome: bool = False
    """The administrator has set a welcome of their own in the console: events carry no WelcomeCode."""
    cursor_life: int = 86_400
    transfer_seconds: int = 86_400
    resigned_transfer_seconds: int = 86_400
    group_transfer_seconds: int = 0
    """How long a resigned owner's group is shown as being inherited (status 2)."""
    customer_transfers_in_90_days: int = 2
    group_transfers_in_90_days: int = 2
    group_transfers_a_day: int = 300
    group_capacity: int = 200
    """Members at which a join way calls a group full."""
    customers_per_staff: int = 20_000
    most_owners_unfiltered: int = 1000
    """More staff than this in range, and no owner_filter: 81017."""
    bound_to_developer: bool = True
    """unionid is told."""
    sensitive_directory: bool = False
    """Directory reads give mobile, e-mail, avatar, gender."""
    avatars: bool = True
    ways_quota: int = 500_000
    temporary_ways_a_day: int = 100_000
    corp_tags: int = 3000
    concurrent_calls: int = 0
    """More at once on one path: 45033. 0: as many as come."""
    trust_forwarded_for: bool = True
    """The caller's address may be given in X-Forwarded-For, so that the IP list can be tried on one machine."""
    mass_sends_a_day: int = 1
    """To one customer or customer group; the next is delivered to nobody (status 3)."""
    mass_send_preparing: int = 0
    """Seconds in which a new one is answered with 41063."""
    moment_preparing: int = 0
    """Seconds until a moment's job is done."""
    callback_timeout: float = 5.0
    callback_attempts: int = 3
    callback_pause: float = 1.0
    """Between one attempt and the next."""
    archive_days: int = 5
    """How long a record of the conversation archive can be pulled."""
    archive_notice_seconds: int = 15
    """msgaudit_notify at most so often."""

    def change(self, wishes: dict[str, Any]) -> None:
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, value in wishes.items():
            if name not in kinds:
                raise NoSense(f"there is no setting {name!r}; there are: {', '.join(sorted(kinds))}")
            setattr(self, name, _fitting(name, value, kinds[name]))


def _fitting(name: str, value: Any, kind: type) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise NoSense(f"setting {name!r} takes {kind.__name__}, not {value!r}")
    return value
