"""The peer of `audit.py`: the audit's figures as one would write them in pandas, vectorised, with no tricks against it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from huoqun.health.rules import AD_PATTERN, LIMITS, QUESTION_PATTERN, TALK_KINDS

COLUMNS = [
    "group_key",
    "source_id",
    "kind",
    "sent_at",
    "author_key",
    "message_id",
    "text",
    "reply_to",
    "reply_to_author",
    "mentions",
]
DAY = pd.Timedelta(days=1)


def figures(folder: Path, as_of: date, zone: ZoneInfo) -> pd.DataFrame:
    rows = pd.read_parquet(sorted((folder / "history").glob("*.parquet")), columns=COLUMNS)
    rows["day"] = rows["sent_at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    today = pd.Timestamp(as_of)
    rows = rows[rows["day"] <= today]
    house = set(pd.read_csv(folder / "house.csv")["author_key"])
    human = rows[~rows["author_key"].isin(house)]
    talk, staff = human[human["kind"].isin(TALK_KINDS)], rows[rows["author_key"].isin(house)]
    moves = human[human["kind"].isin(("join", "leave"))]
    answered = answers(rows[rows["kind"].isin(TALK_KINDS)], house, today)
    parts = [life(talk, today), structure(talk), service(answered, today), newcomers(talk, moves, today), growth(moves, today)]
    found = pd.concat(parts, axis=1).assign(staff=staff.groupby("group_key").size())
    every = rows[rows["kind"].isin(TALK_KINDS)]
    near = recent(every, talk, today)
    return found.join([breadth(talk, today), signs(near), starts(every, talk, today), pairs(near, talk, house, today)])


def life(talk: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    days = talk.groupby(["group_key", "day"]).agg(messages=("source_id", "size"), speakers=("author_key", "nunique"))
    days = days.reset_index()
    week, month = talk[talk["day"] > today - 7 * DAY], talk[talk["day"] > today - 30 * DAY]
    span = talk.groupby("group_key").agg(first=("day", "min"), last=("day", "max"), messages_ever=("source_id", "size"))
    early = days.merge(span[["first"]], left_on="group_key", right_index=True)
    early = early[early["day"] < early["first"] + 14 * DAY].groupby("group_key")["messages"].sum()
    return pd.DataFrame(
        {
            "messages_7d": week.groupby("group_key").size(),
            "speakers_7d": week.groupby("group_key")["author_key"].nunique(),
            "days_active_7d": week.groupby("group_key")["day"].nunique(),
            "messages_30d": month.groupby("group_key").size(),
            "speakers_30d": month.groupby("group_key")["author_key"].nunique(),
            "life_days": (span["last"] - span["first"]) // DAY,
            "days_silent": (today - span["last"]) // DAY,
            "messages_ever": span["messages_ever"],
            "talk_days": days.groupby("group_key").size(),
            "first_weeks_share": early / span["messages_ever"],
        }
    )


def structure(talk: pd.DataFrame) -> pd.DataFrame:
    last = talk.groupby("group_key")["day"].transform("max")
    recent = talk[talk["day"] > last - LIMITS.role_days * DAY]
    people = recent.groupby(["group_key", "author_key"]).agg(
        messages=("source_id", "size"), days=("day", "nunique"), last_at=("sent_at", "max")
    )
    people = people.reset_index().sort_values(["group_key", "messages", "author_key"], ascending=[True, False, True])
    grouped = people.groupby("group_key")
    people["place"] = grouped.cumcount() + 1
    people["n"], people["total"] = grouped["messages"].transform("size"), grouped["messages"].transform("sum")
    people["before"] = grouped["messages"].cumsum() - people["messages"]
    people["share"] = people["messages"] / people["total"]
    people["gini"] = (people["n"] + 1 - 2 * people["place"]) * people["messages"] / (people["n"] * people["total"])
    people["entropy"] = -people["share"] * np.log(people["share"])
    people["half"] = 2 * people["before"] < people["total"]
    people["top"] = people["share"].where(people["place"] <= np.maximum(1, np.round(people["n"] * 0.01)), 0)
    sums = people.groupby("group_key").agg(
        gini=("gini", "sum"), entropy=("entropy", "sum"), half_holders=("half", "sum"), top1_share=("top", "sum")
    )
    sums["effective_speakers"] = np.exp(sums["entropy"])
    level = people["messages"] * people["n"] / people["total"]
    people["role"] = np.select([level >= 3, level >= 1], ["heavy", "active"], "onlooker")
    return sums.join(people.groupby(["group_key", "role"]).size().unstack(fill_value=0).add_prefix("role_"))


def answers(talk: pd.DataFrame, house: set[int], today: pd.Timestamp) -> pd.DataFrame:
    talk = talk[talk["day"] > today - LIMITS.service_reach * DAY].copy()
    talk["place"] = talk["source_id"].str.len()
    talk = talk.sort_values(["group_key", "sent_at", "place", "source_id"])
    for ahead in range(1, 6):
        talk[[f"who{ahead}", f"at{ahead}"]] = talk.groupby("group_key")[["author_key", "sent_at"]].shift(-ahead)
    asks = talk[talk["text"].str.contains(QUESTION_PATTERN.replace("([", "(?:["), regex=True, na=False)]
    asks = asks[~asks["author_key"].isin(house)].copy()
    asks["asked_at"] = asks["sent_at"]
    found = [_by_reply(asks, talk), _by_mention(asks, talk), _by_turn(asks)]
    every = pd.concat(found)
    every = every[(every["answerer"] != every["author_key"]) & ~every["answerer"].isin(house)]
    first = every.groupby(["group_key", "source_id"])["at"].min().rename("helped_at")
    return asks[["group_key", "source_id", "day", "asked_at"]].merge(first, how="left", on=["group_key", "source_id"])


def _by_reply(asks: pd.DataFrame, talk: pd.DataFrame) -> pd.DataFrame:
    replies = talk.loc[talk["reply_to"].notna(), ["group_key", "reply_to", "sent_at", "author_key"]]
    replies = replies.rename(columns={"author_key": "answerer", "sent_at": "at", "reply_to": "message_id"})
    joined = asks.merge(replies, on=["group_key", "message_id"])
    return joined.loc[joined["at"] >= joined["asked_at"], ["group_key", "source_id", "author_key", "answerer", "at"]]


def _by_mention(asks: pd.DataFrame, talk: pd.DataFrame) -> pd.DataFrame:
    named = talk.loc[talk["mentions"].notna(), ["group_key", "mentions", "sent_at", "author_key"]].explode("mentions")
    named = named.rename(columns={"mentions": "to"})
    said = talk.loc[
        talk["reply_to_author"].notna() & talk["reply_to"].isna(), ["group_key", "reply_to_author", "sent_at", "author_key"]
    ]
    named = pd.concat([named, said.rename(columns={"reply_to_author": "to"})]).dropna(subset=["to"])
    named = named.astype({"to": "int64"}).rename(columns={"author_key": "answerer", "sent_at": "at"}).sort_values("at")
    mine = asks[["group_key", "source_id", "author_key", "asked_at"]].sort_values("asked_at", kind="stable")
    joined = pd.merge_asof(
        named,
        mine,
        left_on="at",
        right_on="asked_at",
        left_by=["group_key", "to"],
        right_by=["group_key", "author_key"],
        tolerance=pd.Timedelta(hours=LIMITS.mention_hours),
    )
    return joined.dropna(subset=["source_id"])[["group_key", "source_id", "author_key", "answerer", "at"]]


def _by_turn(asks: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for ahead in range(1, 6):
        soon = asks[asks[f"at{ahead}"] <= asks["asked_at"] + pd.Timedelta(minutes=LIMITS.follow_minutes)]
        part = soon[["group_key", "source_id", "author_key", f"who{ahead}", f"at{ahead}"]]
        parts.append(part.set_axis(["group_key", "source_id", "author_key", "answerer", "at"], axis=1))
    return pd.concat(parts)


def service(answered: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    recent = answered[answered["day"] > today - LIMITS.service_days * DAY].copy()
    recent["wait"] = (recent["helped_at"] - recent["asked_at"]).dt.total_seconds() / 60
    return recent.groupby("group_key").agg(
        questions_30d=("source_id", "size"), answered_by_members=("helped_at", "count"), answer_minutes=("wait", "median")
    )


def newcomers(talk: pd.DataFrame, moves: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    joins = moves[(moves["kind"] == "join") & (moves["day"] > today - LIMITS.cohort_days * DAY)]
    first = joins.groupby(["group_key", "author_key"]).agg(joined_at=("sent_at", "min"), joined=("day", "min")).reset_index()
    said = first.merge(talk[["group_key", "author_key", "sent_at", "day"]], on=["group_key", "author_key"])
    said = said[(said["sent_at"] >= said["joined_at"]) & (said["sent_at"] <= said["joined_at"] + 7 * DAY)]
    spoke = said.groupby(["group_key", "author_key"])["day"].min().rename("spoke")
    first = first.merge(spoke, how="left", on=["group_key", "author_key"])
    gone = moves[moves["kind"] == "leave"].groupby(["group_key", "author_key"])["sent_at"].min().rename("left")
    first = first.merge(gone, how="left", on=["group_key", "author_key"])
    week = first[first["joined"] <= today - 7 * DAY].copy()
    week["stayed"] = ~(week["left"] < week["joined_at"] + 7 * DAY)
    return week.groupby("group_key").agg(spoke_within_7d=("spoke", "count"), stayed_7d=("stayed", "mean"))


def growth(moves: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    month = moves[moves["day"] > today - 30 * DAY]
    counts = month.groupby(["group_key", "kind"]).size().unstack(fill_value=0)
    return counts.reindex(columns=["join", "leave"], fill_value=0).rename(columns={"join": "joins_30d", "leave": "leaves_30d"})


def breadth(talk: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    month = talk[talk["day"] > today - 30 * DAY]
    days = month.groupby(["group_key", "day"])["author_key"].nunique()
    return days.groupby("group_key").agg(["mean", "max"]).set_axis(["speakers_a_day", "most_speakers"], axis=1)


def recent(every: pd.DataFrame, talk: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Talk, house included, of each group's last 90 days up to its members' last talk, and at most 97 days back."""
    last = talk.groupby("group_key")["day"].agg(["min", "max"])
    since = np.maximum(last["min"], last["max"] - (LIMITS.role_days - 1) * DAY)
    window = pd.DataFrame({"since": since, "until": last["max"]})
    joined = every[every["day"] > today - LIMITS.service_reach * DAY].join(window, on="group_key")
    return joined[(joined["day"] >= joined["since"]) & (joined["day"] <= joined["until"])]


def signs(near: pd.DataFrame) -> pd.DataFrame:
    plain = AD_PATTERN.replace("(", "(?:").replace("(?:?:", "(?:")
    near = near.assign(ad=near["text"].str.contains(plain, regex=True, na=False))
    grouped = near.groupby("group_key")["ad"]
    return pd.DataFrame({"ads_90d": grouped.sum(), "ads_share": grouped.mean()})


def starts(every: pd.DataFrame, talk: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    heard = every[every["day"] > today - (LIMITS.service_reach + 1) * DAY].sort_values(["group_key", "sent_at"])
    gap = heard.groupby("group_key")["sent_at"].diff()
    begun = heard[gap.isna() | (gap > pd.Timedelta(minutes=LIMITS.silence_minutes))]
    return recent(begun, talk, today).groupby("group_key").size().to_frame("conversation_starts")


def pairs(near: pd.DataFrame, talk: pd.DataFrame, house: set[int], today: pd.Timestamp) -> pd.DataFrame:
    """Members who answer or name one another, in groups where one message in twenty does."""
    last = talk.groupby("group_key")["day"].max()
    near = near[near["group_key"].isin(last.index[last >= today - (LIMITS.service_reach - 14) * DAY])]
    replies = near.loc[near["reply_to_author"].notna(), ["group_key", "author_key", "reply_to_author"]]
    named = near.loc[near["mentions"].notna(), ["group_key", "author_key", "mentions"]].explode("mentions").dropna()
    ties = pd.concat([part.set_axis(["group_key", "one", "other"], axis=1).astype("int64") for part in (replies, named)])
    express = ties.groupby("group_key").size().mul(20).ge(near.groupby("group_key").size(), fill_value=0)
    ties = ties[ties["group_key"].isin(express.index[express])]
    ties = ties[(ties["one"] != ties["other"]) & ~ties["one"].isin(house) & ~ties["other"].isin(house)]
    spoke = near[["group_key", "author_key"]].drop_duplicates()
    for end in ("one", "other"):
        ties = ties.merge(spoke.rename(columns={"author_key": end}), on=["group_key", end])
    low, high = ties[["one", "other"]].min(axis=1), ties[["one", "other"]].max(axis=1)
    found = pd.DataFrame({"group_key": ties["group_key"], "low": low, "high": high}).drop_duplicates()
    return found.groupby("group_key").size().to_frame("pairs_said")
