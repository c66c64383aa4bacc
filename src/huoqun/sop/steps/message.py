"""Something is said to a member alone."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base, Words

WHOM = ("member", "owner", "operator", "moderators", "newcomers", "silent", "enrolled", "key_people")
"""`member`: of the run. Of the group: `owner`, `operator`, `moderators` (whoever helps the owner on the carrier, and our people
there), `newcomers` (came within `days`), `silent` (said nothing for `days`), `enrolled` (have one of `tags`), `key_people`
(co-builders and active ones, by the latest audit).
"""
WITHOUT_A_MEMBER = ("owner", "operator", "moderators")
"""Of these a playbook about members may speak as well."""
USUAL_DAYS = {"newcomers": 7, "silent": 14}
MOST = 200


class Message(Base, frozen=True, kw_only=True, tag_field="do", tag="message"):
    """In a playbook about members to the member of the run; else to each of those in the group who are meant."""

    words: Words
    to: str = "member"
    """"member", "owner", "operator", "moderators", "newcomers", "silent", "enrolled" or "key_people"."""
    days: int | None = None
    """For newcomers (7) and the silent (14)."""
    tags: tuple[str, ...] = ()
    """For the enrolled: who has one of these tags."""
    most: int = 30
    """To so many in one group at most: more is no longer talking to people."""

    @property
    def span(self) -> int:
        return self.days if self.days is not None else USUAL_DAYS.get(self.to, 0)
