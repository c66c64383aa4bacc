"""The kinds of steps: one file each."""

from __future__ import annotations

from .approval import Approval
from .branch import Branch
from .end import End
from .hand_over import HandOver
from .message import Message
from .notice import Notice
from .pin import Pin
from .post import Post
from .todo import Todo
from .topic import Topic
from .wait import Wait

Step = Post | Message | Todo | Topic | Pin | Notice | Wait | Branch | Approval | HandOver | End
"""Told apart by the field `do`."""

STEPS: tuple[type, ...] = (Post, Message, Todo, Topic, Pin, Notice, Wait, Branch, Approval, HandOver, End)

__all__ = [
    "STEPS",
    "Approval",
    "Branch",
    "End",
    "HandOver",
    "Message",
    "Notice",
    "Pin",
    "Post",
    "Step",
    "Todo",
    "Topic",
    "Wait",
]
