"""Questions, answers, and the questions nobody answered."""

import re

import pytest

from huoqun.health.rules import QUESTION_PATTERN

from .tell import BEI, BOT, LIN, MO, TAO, TEA, Story, group


@pytest.mark.parametrize(
    "text",
    [
        "明天几点开门",
        "这款还有货吗",
        "请问运费多少钱",
        "怎么报名啊",
        "求推荐一个靠谱的摄影师",
        "有没有人一起拼单",
        "哪里可以领券",
        "什么时候发货",
        "有人知道在哪停车不",
        "这个?",
        "When does it open?",
        "真的假的？",
        "你呢",
    ],
)
@pytest.mark.method("A25")
def test_these_ask(text: str) -> None:
    assert re.search(QUESTION_PATTERN, text)
    story = Story()
    story.say(TEA, TAO, "03-01 10:00", text)
    assert group(story.audit("03-01"), TEA)["questions_30d"] == 1


@pytest.mark.parametrize("text", ["早上好", "收到", "https://mall.example/item?id=3&from=group", "今天的课很棒", "[图片]", ""])
def test_these_do_not_ask(text: str) -> None:
    story = Story()
    story.say(TEA, TAO, "03-01 10:00", text)
    assert group(story.audit("03-01"), TEA)["questions_30d"] == 0


ASKS = "请问几点开门"


@pytest.fixture
def morning() -> Story:
    """One question by Tao at ten; staff is Lin, a bot is there, Mo and Bei are members."""
    story = Story(house={LIN: "staff", BOT: "bot"})
    story.say(TEA, TAO, "03-01 10:00", ASKS)
    return story


def service(story: Story) -> tuple[object, ...]:
    tea = group(story.audit("03-03"), TEA)
    names = ("questions_30d", "answered_by_members", "answered_inferred", "answered_by_staff", "unanswered", "answer_minutes")
    return tuple(tea[name] for name in names)


@pytest.mark.method("A25", "F23")
def test_a_reply_answers_whenever_it_comes(morning: Story) -> None:
    morning.say(TEA, MO, "03-02 10:00", "九点", reply_to="m1", reply_to_author=TAO)
    assert service(morning) == (1, 1, 0, 0, 0, 24 * 60)


@pytest.mark.method("A25", "F23")
def test_a_mention_answers_the_latest_question_within_two_days(morning: Story) -> None:
    morning.say(TEA, TAO, "03-01 12:00", "那停车多少钱")
    morning.say(TEA, MO, "03-01 13:00", "十块", mentions=[TAO])
    assert service(morning) == (2, 1, 0, 0, 1, 60)


def test_a_mention_three_days_later_does_not_answer(morning: Story) -> None:
    morning.say(TEA, MO, "03-03 10:01", "明天来吧", mentions=[TAO])
    assert service(morning) == (1, 0, 0, 0, 1, None)


@pytest.mark.method("A25", "F23")
def test_the_next_turn_within_minutes_is_taken_for_an_answer_and_says_so(morning: Story) -> None:
    morning.say(TEA, MO, "03-01 10:03", "九点")
    assert service(morning) == (1, 1, 1, 0, 0, 3)


def test_a_turn_an_hour_later_is_not(morning: Story) -> None:
    morning.say(TEA, MO, "03-01 11:00", "今天天气好")
    assert service(morning) == (1, 0, 0, 0, 1, None)


def test_an_express_answer_beats_an_inferred_one(morning: Story) -> None:
    morning.say(TEA, BEI, "03-01 10:02", "早")
    morning.say(TEA, MO, "03-01 10:30", "九点", reply_to="m1", reply_to_author=TAO)
    assert service(morning) == (1, 1, 0, 0, 0, 30)


@pytest.mark.method("F23", "L02")
def test_staff_answers_are_counted_apart(morning: Story) -> None:
    morning.say(TEA, LIN, "03-01 10:05", "九点", reply_to="m1", reply_to_author=TAO)
    assert service(morning) == (1, 0, 0, 1, 0, None)
    assert group(morning.audit("03-03"), TEA)["staff_minutes"] == 5


@pytest.mark.method("L02")
def test_a_bot_never_answers(morning: Story) -> None:
    morning.say(TEA, BOT, "03-01 10:00", "请看群公告", reply_to="m1", reply_to_author=TAO, mentions=[TAO])
    assert service(morning) == (1, 0, 0, 0, 1, None)


def test_a_bot_between_does_not_hide_the_answer(morning: Story) -> None:
    morning.say(TEA, BOT, "03-01 10:01", "请看群公告")
    morning.say(TEA, MO, "03-01 10:02", "九点")
    assert service(morning) == (1, 1, 1, 0, 0, 2)


def test_nobody_answers_himself(morning: Story) -> None:
    morning.say(TEA, TAO, "03-01 10:01", "有人吗", reply_to="m1", reply_to_author=TAO)
    assert service(morning)[:2] == (2, 0)
    morning.same_person = {BEI: TAO}
    morning.say(TEA, BEI, "03-01 10:02", "找到了", reply_to="m1")
    assert service(morning)[:2] == (2, 0)


def test_house_questions_do_not_count(morning: Story) -> None:
    morning.say(TEA, LIN, "03-01 15:00", "大家吃了吗")
    assert service(morning)[0] == 1


def test_an_answer_after_midnight_finds_its_question(morning: Story) -> None:
    morning.say(TEA, BEI, "03-01 23:58", ASKS)
    morning.say(TEA, MO, "03-02 00:03", "九点")
    assert service(morning) == (2, 1, 1, 0, 1, 5)


@pytest.mark.method("A25", "F23")
def test_the_unanswered_are_listed(morning: Story) -> None:
    morning.say(TEA, MO, "03-01 18:00", "谁有停车券")
    listed = morning.audit("03-03").unanswered.to_pylist()
    assert [(row["message_id"], row["author_key"], row["text"]) for row in listed] == [
        ("m1", TAO, ASKS),
        ("m2", MO, "谁有停车券"),
    ]


def test_questions_of_a_month_ago_are_not_followed_up(morning: Story) -> None:
    morning.say(TEA, MO, "04-10 18:00")
    tea = group(morning.audit("04-10"), TEA)
    assert (tea["questions_30d"], tea["answered_share"]) == (0, None)
