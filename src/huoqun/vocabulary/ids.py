"""How groups and people are named across carriers.

A carrier's own id is only unique inside that carrier, and the same chat may be seen by two communities that must not know of
each other. A key folds community, carrier and the carrier's id into one 63-bit whole number: the same in every process and on
every day, so that a row can be written before anybody has looked the group up.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import NewType

GroupKey = NewType("GroupKey", int)
PersonKey = NewType("PersonKey", int)


@dataclass(frozen=True, slots=True)
class Account:
    """One connection through which a community hears a carrier: a bot, a company's application, an imported file.

    `community` is the community's slug, `carrier` the carrier's name ("telegram", "qq", "irc"), `name` tells two
    connections of the same carrier apart ("import-7").
    """

    community: str
    carrier: str
    name: str

    def __str__(self) -> str:
        return f"{self.community}/{self.carrier}/{self.name}"


def group_key(account: Account, group_id: str) -> GroupKey:
    """The key of a group, from the carrier's own id. Does not depend on the account's name."""
    return GroupKey(folded("group", account.community, account.carrier, group_id))


def person_key(account: Account, author_id: str) -> PersonKey:
    """The key of one identity of a person on one carrier. Does not depend on the account's name."""
    return PersonKey(folded("person", account.community, account.carrier, author_id))


def folded(*parts: str) -> int:
    """Some words as one 63-bit whole number, the same in every process and on every day."""
    # The unit separator cannot be part of a carrier's id, so ("a", "bc") and ("ab", "c") stay apart.
    digest = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def community_slug(name: str) -> str:
    """A short name for a community whose own name has no Latin letters: the same for the same name."""
    return f"c{folded('community', name):016x}"[:13]
