"""What WeCom can do, what a colleague has to, and what nobody can. Numbers that are not the same for everybody are settings."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from huoqun.carriers.base import Ability, Confirmation, Manifest, Pace, gettext_noop

from .models import NAME

_AS_OF = date(2026, 11, 22)
_DOCS = "developer.work.weixin.qq.com"

MASS_SENDS_A_DAY: int = settings.WECOM_MASS_SENDS_A_DAY
"""To one group or customer. Companies choose in their console; 0: WeCom alone counts."""
TASK_DAYS: int = settings.WECOM_TASK_DAYS
"""How long we wait for a colleague to press send. WeCom publishes no end of its own."""

DAY = timedelta(days=1)

_MASS = f"{_DOCS}, page 92135 (mass messages); how many a day each company chooses: HUOQUN_WECOM_MASS_SENDS_A_DAY"
_TO_CONFIRM = Confirmation(
    within=TASK_DAYS * DAY,
    as_of=_AS_OF,
    source="no end is published: we wait HUOQUN_WECOM_TASK_DAYS; page 97610 has the reminders, three a day",
    reminders=3,
    every=DAY,
    can_withdraw=True,
)
_TO_PUBLISH = Confirmation(
    within=TASK_DAYS * DAY,
    as_of=_AS_OF,
    source="no end is published: we wait HUOQUN_WECOM_TASK_DAYS",
    can_withdraw=True,
)
_TO_PASS = Confirmation(
    within=timedelta(days=3),
    as_of=_AS_OF,
    source=f"{_DOCS}, pages 92125 and 94081: a customer who does not refuse has changed hands after 24 hours",
)


def _a_day(per: str) -> tuple[Pace, ...]:
    if not MASS_SENDS_A_DAY:
        return ()
    return (
        Pace(per="member" if per == "member" else "target", every=DAY, at_most=MASS_SENDS_A_DAY, as_of=_AS_OF, source=_MASS),
    )


_FOUND_AGAIN = Ability(how="api", can_ask=True)
"""What stands there now can be read."""
_BY_CODE = Ability(how="api", repeatable=True, batch=64)
"""The code that it goes by is taken once."""

MANIFEST = Manifest(
    name=NAME,
    title=gettext_noop("WeCom"),
    abilities={
        "PostToGroup": Ability(how="api", can_ask=True, batch=500, paces=_a_day("target"), confirmation=_TO_CONFIRM),
        "MessageMember": Ability(how="api", can_ask=True, batch=500, paces=_a_day("member"), confirmation=_TO_CONFIRM),
        "WelcomeMember": _BY_CODE,
        "CloseCard": _BY_CODE,
        "MessageStaff": Ability(
            how="api",
            paces=(
                Pace(
                    per="target",
                    every=timedelta(minutes=1),
                    at_most=30,
                    as_of=_AS_OF,
                    source=f"{_DOCS}, page 90312: what one colleague gets from one app beyond that is dropped without a word",
                ),
            ),
        ),
        "TagMember": _FOUND_AGAIN,
        "HandOverGroup": Ability(how="api", can_ask=True, batch=100),
        "HandOverCustomer": Ability(how="api", can_ask=True, batch=100, confirmation=_TO_PASS),
        # WeCom lists no join ways, so that one whose making was cut off cannot be found.
        "MakeJoinLink": Ability(how="api"),
        "ChangeJoinLink": _FOUND_AGAIN,
        "EndJoinLink": _FOUND_AGAIN,
        "MakeContactLink": _FOUND_AGAIN,
        "ChangeContactLink": _FOUND_AGAIN,
        "EndContactLink": _FOUND_AGAIN,
        "PostMoment": Ability(how="api", confirmation=_TO_PUBLISH),
        "MakeGroupWelcome": Ability(how="api"),
        "SetNotice": Ability(how="hand", why=gettext_noop("Only the owner or an administrator changes the notice, in WeCom.")),
        "RenameGroup": Ability(how="hand", why=gettext_noop("Only the owner or an administrator renames the group, in WeCom.")),
        "RemoveMember": Ability(how="hand", why=gettext_noop("Only the owner or an administrator removes somebody, in WeCom.")),
        "RecallMessage": Ability(
            how="hand", why=gettext_noop("Only a colleague takes a message back, in WeCom and while it is new.")
        ),
        "PinMessage": Ability(how="hand", why=gettext_noop("Only the owner or an administrator pins something, in WeCom.")),
        "DissolveGroup": Ability(how="hand", why=gettext_noop("Only the owner dissolves the group, in WeCom.")),
        "AnswerJoinRequest": Ability(
            how="hand", why=gettext_noop("Only the owner or an administrator answers who wants to come in, in WeCom.")
        ),
        "MuteMember": Ability(how="no", why=gettext_noop("In customer groups of WeCom nobody can be muted.")),
    },
)
