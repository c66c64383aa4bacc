"""Something is said to a member alone."""

from __future__ import annotations

from huoqun.sop.parts.shape import Base, Words


class Message(Base, frozen=True, kw_only=True, tag_field="do", tag="message"):
    """In a playbook about members to the member of the run; else to those who have the role in the group."""

    words: Words
    to: str = "member"
    """"member", or a role of the audit: "key_person", "newcomer", "answerer" ..."""
