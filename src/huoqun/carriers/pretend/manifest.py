"""What the pretended carrier can do: some of everything that real ones can and cannot."""

from __future__ import annotations

from datetime import date, timedelta

from huoqun.carriers.base import Ability, Confirmation, Manifest, Pace, gettext_noop

NAME = "pretend"
BATCH = 500

_AS_OF = date(2026, 11, 22)
_SOURCE = "carriers/pretend/world/limits.py"

_BY_KEY = Ability(how="api", repeatable=True, can_ask=True)
"""Sent again with its key, the world gives the answer of the first time."""

MANIFEST = Manifest(
    name=NAME,
    title=gettext_noop("pretended carrier"),
    abilities={
        "PostToGroup": Ability(
            how="api",
            can_ask=True,
            batch=BATCH,
            paces=(Pace(per="target", every=timedelta(minutes=1), at_most=20, as_of=_AS_OF, source=_SOURCE),),
        ),
        "PinMessage": _BY_KEY,
        "SetNotice": _BY_KEY,
        "RecallMessage": _BY_KEY,
        "RemoveMember": _BY_KEY,
        "MuteMember": _BY_KEY,
        "RenameGroup": _BY_KEY,
        "MakeJoinLink": Ability(
            how="api",
            can_ask=True,
            paces=(Pace(per="account", every=timedelta(hours=1), at_most=100, as_of=_AS_OF, source=_SOURCE),),
        ),
        "ChangeJoinLink": _BY_KEY,
        "EndJoinLink": _BY_KEY,
        "MakeContactLink": Ability(how="api", can_ask=True),
        "ChangeContactLink": _BY_KEY,
        "EndContactLink": _BY_KEY,
        "DissolveGroup": Ability(how="hand", why=gettext_noop("Only the owner can dissolve a group, in the app.")),
        "HandOverGroup": Ability(how="no", why=gettext_noop("Groups of this carrier have no owner who could hand them over.")),
        "HandOverCustomer": Ability(
            how="api",
            repeatable=True,
            can_ask=True,
            confirmation=Confirmation(within=timedelta(days=2), as_of=_AS_OF, source="carriers/pretend/world/errands.py"),
        ),
        "MessageMember": Ability(
            how="api",
            repeatable=True,
            can_ask=True,
            batch=BATCH,
            paces=(Pace(per="member", every=timedelta(days=1), at_most=30, as_of=_AS_OF, source=_SOURCE),),
        ),
        # The world tells nobody whether somebody was greeted, and greets once only: a call cut off stays unknown.
        "WelcomeMember": Ability(how="api"),
        "TagMember": _BY_KEY,
        "AnswerJoinRequest": _BY_KEY,
        "MessageStaff": Ability(how="api", batch=BATCH),
        "CloseCard": _BY_KEY,
        "PostMoment": Ability(
            how="api",
            repeatable=True,
            can_ask=True,
            confirmation=Confirmation(
                within=timedelta(days=7),
                as_of=_AS_OF,
                source="carriers/pretend/world/errands.py",
                reminders=3,
                can_withdraw=True,
            ),
        ),
        "MakeGroupWelcome": _BY_KEY,
    },
)
