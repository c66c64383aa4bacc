"""The three organisations and the kinds of group they run: plain data, after the method's named examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .words import themes
from .words.theme import Theme

WORK = (1.1, 1.12, 1.12, 1.1, 1.12, 0.78, 0.66)
LEISURE = (0.88, 0.9, 0.95, 0.92, 1.05, 1.2, 1.1)
"""How much is said on Monday ... Sunday, around 1."""

Lifecycle = Literal["permanent", "seasonal", "flash"]


@dataclass(frozen=True)
class Kind:
    """A sort of group an organisation opens again and again."""

    name: str
    groups: int
    """How many of 300."""
    themes: tuple[Theme, ...]
    titles: tuple[str, ...]
    purposes: tuple[str, ...]
    connects: str
    matter: str
    size: int
    """Median number of members."""
    carriers: tuple[str, ...]
    lifecycle: Lifecycle = "permanent"
    strategy: str = "quality"
    weekly: tuple[float, ...] = LEISURE
    tags: tuple[str, ...] = ()
    season_days: int = 0
    """How long a seasonal group is planned to live."""
    house_owner: bool = True
    """Owned by staff; otherwise by a member."""
    sells: float = 0.0
    """Orders per member and week while the group is alive."""
    lively: float = 1.0
    """How readily this kind gets the livelier fates."""
    sop: tuple[tuple[str, float, tuple[int, ...]], ...] = ()
    """Standing items: what, at which hour, on which weekdays."""
    event: tuple[int, float] | None = None
    """Weekday and hour of the recurring event."""
    writes: bool = False
    """Members owe one piece every seven days, and reviews to one another."""


@dataclass(frozen=True)
class Organisation:
    slug: str
    name: str
    zone: str
    operators: tuple[tuple[str, str, float], ...]
    """Login, name in chats, and how often their groups get the unhappy fates (1 is usual)."""
    bot: str
    helpers: tuple[str, ...]
    kinds: tuple[Kind, ...]


EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS = (0, 1, 2, 3, 4)

RETAIL = Organisation(
    slug="zhiye",
    name="栀野生活",
    zone="Asia/Shanghai",
    operators=(
        ("linxiao", "栀野-林晓", 0.7),
        ("shenyi", "栀野-沈一", 1.0),
        ("tangke", "栀野-唐可", 1.0),
        ("weiran", "栀野-魏然", 1.6),
    ),
    bot="栀野小助手",
    helpers=("爱喝咖啡的小满", "丽姐在逛街", "芒果不芒", "春天里的阿May", "省钱小能手", "婷婷玉立", "小区团长芳姐"),
    kinds=(
        Kind(
            name="store",
            groups=60,
            themes=(themes.STORE,),
            titles=("栀野咖啡{place}福利群", "{place}下午茶福利群", "栀野{place}早餐优惠群", "{place}老客群"),
            purposes=(
                "{place}的老顾客，一起抢每天的券",
                "附近上班的人，每天领券、知道店里的新鲜事",
                "{place}周边住户，线上最低价",
            ),
            connects="goods",
            matter="one",
            size=110,
            carriers=("wecom",),
            strategy="fission",
            weekly=WORK,
            tags=("门店", "福利"),
            sells=0.05,
            lively=0.8,
            sop=(("news", 8.4, EVERY_DAY), ("ads", 11.5, (0, 2, 4, 5)), ("topics", 16.0, (1, 3)), ("notices", 10.0, (0,))),
            event=(2, 20.0),
        ),
        Kind(
            name="flash",
            groups=25,
            themes=(themes.FLASH,),
            titles=("栀野{nth}号快闪群", "限时4小时｜{goods}专场{nth}群", "今晚秒杀{nth}群", "{goods}内购快闪{nth}群"),
            purposes=("想低价拿{goods}的人，四小时内一起抢完就散",),
            connects="goods",
            matter="one",
            size=130,
            carriers=("wecom",),
            lifecycle="flash",
            strategy="fission",
            tags=("快闪", "活动"),
            sells=4.0,
        ),
        Kind(
            name="vip",
            groups=12,
            themes=(themes.VIP,),
            titles=("栀野黑卡会员{nth}群", "栀野老友会·{place}", "栀野年卡体验官{nth}群"),
            purposes=("年消费前百的老客，先试新品、给意见", "会员一起试用新品，写真实反馈"),
            connects="people",
            matter="several",
            size=70,
            carriers=("wecom",),
            weekly=WORK,
            tags=("VIP", "会员"),
            sells=0.12,
            lively=1.6,
            sop=(("news", 9.2, WORKDAYS), ("topics", 20.0, (0, 2, 4)), ("ads", 12.0, (3,))),
            event=(3, 20.0),
        ),
        Kind(
            name="welfare",
            groups=43,
            themes=(themes.WELFARE,),
            titles=("{city}福利{nth}群", "栀野{city}优惠分享群", "{city}省钱小分队{nth}", "栀野内购{nth}群·{city}"),
            purposes=("{city}会过日子的人，一起拼单捡便宜", "一起盯价格、拼好物", "{city}同城，互相分享真实好价"),
            connects="goods",
            matter="one",
            size=190,
            carriers=("wecom",),
            strategy="fission",
            weekly=WORK,
            tags=("福利", "同城"),
            sells=0.04,
            sop=(("news", 8.0, EVERY_DAY), ("ads", 12.2, WORKDAYS), ("ads", 18.3, (4, 5)), ("topics", 20.0, (2, 6))),
        ),
    ),
)

KNOWLEDGE = Organisation(
    slug="qirishu",
    name="七日书写作社",
    zone="Asia/Shanghai",
    operators=(("guyan", "顾言｜七日书", 0.7), ("heyue", "何月（班主任）", 1.0), ("luoshan", "罗山老师", 1.3)),
    bot="七日书点名机",
    helpers=("爱写字的阿梨", "纸上行舟", "早起的木木", "小熊读书记", "南山有书"),
    kinds=(
        Kind(
            name="writing",
            groups=16,
            themes=(themes.WRITING,),
            titles=("七日书第{nth}班", "七天一篇·{nth}组", "不写就出列{nth}班"),
            purposes=("想写又总放弃的人，七天写一篇，互相点评", "一群人，每周交一篇，不交发红包"),
            connects="knowledge",
            matter="several",
            size=60,
            carriers=("wechat",),
            tags=("写作",),
            house_owner=False,
            lively=2.2,
            sop=(("topics", 9.0, (0,)), ("notices", 20.0, (5,)), ("news", 8.0, (1, 3))),
            event=(3, 20.5),
            writes=True,
        ),
        Kind(
            name="camp",
            groups=18,
            themes=(themes.CAMP,),
            titles=("21天表达训练营{nth}期", "28天成长营第{nth}期", "复盘训练营{nth}期"),
            purposes=("报名本期的学员，每天交作业，结营一起复盘",),
            connects="knowledge",
            matter="one",
            size=95,
            carriers=("wechat",),
            lifecycle="seasonal",
            tags=("训练营",),
            season_days=28,
            sop=(("news", 7.8, EVERY_DAY), ("topics", 12.5, EVERY_DAY), ("notices", 20.5, (0, 3, 6))),
            event=(2, 20.0),
        ),
        Kind(
            name="qa",
            groups=14,
            themes=(themes.QUESTIONS,),
            titles=("写作答疑{nth}群", "新媒体问答{nth}群", "七日书·投稿答疑群{nth}"),
            purposes=("投稿路上遇到问题的人，问了就有人答", "新手互助，谁会谁答"),
            connects="knowledge",
            matter="one",
            size=170,
            carriers=("wechat",),
            weekly=WORK,
            tags=("答疑",),
            lively=1.1,
            sop=(("news", 8.5, WORKDAYS), ("topics", 20.0, (1, 4)), ("ads", 12.0, (5,))),
        ),
        Kind(
            name="reading",
            groups=12,
            themes=(themes.READING,),
            titles=("共读{nth}群", "每月一本书·{nth}", "{city}读书会"),
            purposes=("每个月一起读完一本书", "{city}爱书的人，线上读线下聊"),
            connects="interest",
            matter="several",
            size=90,
            carriers=("wechat",),
            tags=("读书",),
            house_owner=False,
            sop=(("topics", 21.0, (1, 4, 6)), ("news", 7.5, (0, 3))),
            event=(5, 20.0),
        ),
        Kind(
            name="jobs",
            groups=10,
            themes=(themes.JOBS,),
            titles=("新媒体内推{nth}群", "{city}运营人资源群", "编辑兼职对接群{nth}"),
            purposes=("{city}做运营的人，岗位和资源放到群里，当场对接", "甲方乙方都在，有需求直接说"),
            connects="resources",
            matter="several",
            size=260,
            carriers=("wechat",),
            weekly=WORK,
            tags=("资源", "招聘"),
            sop=(("news", 8.6, WORKDAYS), ("topics", 15.0, (2,)), ("notices", 9.5, (0,))),
        ),
    ),
)

SOCIAL = ("qq", "wechat", "wechat", "telegram")

INTEREST = Organisation(
    slug="tonghaoli",
    name="同好里",
    zone="Asia/Shanghai",
    operators=(("jiangnan", "同好里-江楠", 0.8), ("quxia", "同好里-曲夏", 1.0), ("baoyu", "同好里-包雨", 1.5)),
    bot="同好里机器人",
    helpers=("胖虎饲养员", "跑步的小白杨", "手工狂魔阿紫", "周周爱拍照", "美美种草机", "元宝他妈"),
    kinds=(
        Kind(
            name="pets",
            groups=20,
            themes=(themes.PETS,),
            titles=("{city}养宠互助{nth}群", "{breed}俱乐部{nth}群", "全国{breed}交流群", "{city}{breed}群"),
            purposes=("{city}养猫养狗的人，看病、寄养、领养互相帮", "家有{breed}的人，晒图、配种、避坑"),
            connects="interest",
            matter="several",
            size=120,
            carriers=SOCIAL,
            tags=("宠物",),
            house_owner=False,
            lively=2.0,
            sop=(("topics", 20.0, (1, 3, 5)), ("news", 9.0, (0,)), ("ads", 12.3, (4,))),
            event=(5, 15.0),
        ),
        Kind(
            name="running",
            groups=14,
            themes=(themes.RUNNING,),
            titles=("{city}夜跑团{nth}", "{city}晨跑{nth}群", "{city}跑步打卡群"),
            purposes=("{city}一起跑步的人，每周三约跑", "三个月，一起跑完第一个十公里"),
            connects="interest",
            matter="several",
            size=80,
            carriers=SOCIAL,
            tags=("运动", "同城"),
            house_owner=False,
            lively=1.5,
            sop=(("news", 6.8, (0, 2, 4)), ("topics", 21.0, (6,))),
            event=(2, 19.0),
        ),
        Kind(
            name="slimming",
            groups=12,
            themes=(themes.SLIMMING,),
            titles=("3个月一起瘦20斤·{nth}期", "90天减脂打卡{nth}期", "一起瘦到{month}月"),
            purposes=("三个月，一起瘦20斤，每天称重打卡",),
            connects="interest",
            matter="one",
            size=75,
            carriers=("wechat",),
            lifecycle="seasonal",
            tags=("减脂", "打卡"),
            season_days=90,
            sop=(("news", 7.0, EVERY_DAY), ("topics", 20.5, (0, 2, 4))),
            event=(6, 20.0),
        ),
        Kind(
            name="lipstick",
            groups=12,
            themes=(themes.LIPSTICK,),
            titles=("口红种草{nth}群", "黄皮救星·口红试色群{nth}", "{city}美妆种草群"),
            purposes=("爱买口红的人，试色不踩雷", "黄皮姐妹互相试色、拼单"),
            connects="goods",
            matter="several",
            size=150,
            carriers=("wechat", "wecom"),
            strategy="hybrid",
            tags=("美妆",),
            sells=0.03,
            lively=1.4,
            sop=(("topics", 20.5, (1, 3, 6)), ("ads", 12.4, (2, 5)), ("news", 9.3, (0, 4))),
        ),
        Kind(
            name="handicraft",
            groups=10,
            themes=(themes.HANDICRAFT,),
            titles=("手工交流{nth}群", "钩针小屋{nth}", "{city}手作人"),
            purposes=("钩针、刺绣、拼布，做到一半卡住的来问", "每月一起完成一件手作"),
            connects="interest",
            matter="several",
            size=85,
            carriers=SOCIAL,
            tags=("手工",),
            house_owner=False,
            lively=1.2,
            sop=(("topics", 20.0, (2, 5)), ("news", 9.5, (0,))),
            event=(6, 14.0),
        ),
        Kind(
            name="mothers",
            groups=12,
            themes=(themes.MOTHERS,),
            titles=("{city}宝妈{nth}群", "{place}妈妈互助群", "{year}年龙宝妈妈群"),
            purposes=("{city}的新手妈妈，问诊、闲置、遛娃互相帮", "同龄宝宝的妈妈，一起熬过头三年"),
            connects="people",
            matter="several",
            size=180,
            carriers=("wechat",),
            tags=("宝妈", "同城"),
            house_owner=False,
            lively=1.7,
            sop=(("topics", 21.0, (0, 3)), ("ads", 12.6, (2,))),
        ),
        Kind(
            name="photography",
            groups=10,
            themes=(themes.PHOTOGRAPHY,),
            titles=("{city}摄影约拍群{nth}", "手机摄影交流{nth}群", "周末扫街·{city}"),
            purposes=("{city}爱拍照的人，每周末一起扫街", "互评作品，每周一个主题"),
            connects="interest",
            matter="several",
            size=110,
            carriers=SOCIAL,
            tags=("摄影",),
            house_owner=False,
            sop=(("topics", 20.0, (0, 4)), ("news", 9.0, (2,))),
            event=(5, 9.0),
        ),
    ),
)

ORGANISATIONS: tuple[Organisation, ...] = (RETAIL, KNOWLEDGE, INTEREST)
