"""What is known of a customer, a relation, a group, a membership: plain records."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Customer:
    """Somebody outside. `type` 1 WeChat user (id begins with wm), 2 WeCom user of another company (wo)."""

    external_userid: str
    name: str
    type: int = 1
    gender: int = 0
    unionid: str = ""
    position: str = ""
    corp_name: str = ""
    archiving: str = ""
    """"" not asked, else Agree, Disagree, Default_Agree."""
    archiving_at: int = 0

    @property
    def openid(self) -> str:
        return f"oS_{self.external_userid[-16:]}" if self.type == 1 else ""


@dataclass(slots=True)
class Follow:
    """A colleague has a customer in their contacts."""

    userid: str
    external_userid: str
    createtime: int
    remark: str = ""
    description: str = ""
    tags: list[str] = field(default_factory=list)
    own_tags: list[str] = field(default_factory=list)
    """Names of personal tags."""
    remark_company: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    oper_userid: str = ""
    add_way: int = 1
    state: str = ""
    half: bool = False
    """The customer added the colleague, who has not added back."""
    chatted: bool = False


@dataclass(slots=True)
class Member:
    """Somebody in a group. `scene` 1 invited directly, 2 by a link, 3 by the QR code."""

    id: str
    type: int
    join_time: int
    name: str = ""
    scene: int = 1
    inviter: str = ""
    nickname: str = ""
    state: str = ""
    unionid: str = ""
