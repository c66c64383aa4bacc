-- name: checkins
-- zh: 打卡签到
-- en: Check-ins
-- per: group
-- needs: own_days, signs_seen
-- method: A11
-- source: history: texts of people who are not house in the group's last 90 days up to its own last talk, as far back as history is kept message by message (97 days before the as-of day); older: unknown. Unknown where no message has a text
-- formula: a check-in is a short text that asks nothing and says so: 打卡, 签到, "done, day N" (rules.CHECKIN_PATTERN); top three = share of check-ins by the three who check in most, unknown without any
-- definition_en: How many check-ins there were, by how many people, and how much of them comes from the same three.
-- definition_zh: 打卡签到有多少条、多少人，其中最常打卡的三个人占多少：是不是总那几个老面孔。
-- column: checkins_90d | messages | unknown | 打卡签到条数 | check-ins
-- column: checkin_people | people | unknown | 打卡签到人数 | people who checked in
-- column: checkin_top3_share | fraction | unknown | 前三人的打卡占比 | share of the three who check in most
SELECT
  t.group_key,
  COALESCE(c.checkins, 0) AS checkins_90d,
  COALESCE(c.people, 0) AS checkin_people,
  c.top3 / CAST(c.checkins AS DOUBLE) AS checkin_top3_share
FROM (SELECT group_key FROM signs_seen GROUP BY group_key HAVING SUM(texts) > 0) AS t
LEFT JOIN (
  SELECT
    group_key,
    CAST(SUM(checkins) AS BIGINT) AS checkins,
    COUNT(*) AS people,
    CAST(SUM(CASE WHEN place <= 3 THEN checkins ELSE 0 END) AS BIGINT) AS top3
  FROM (
    SELECT
      group_key,
      SUM(checkins) AS checkins,
      ROW_NUMBER() OVER (PARTITION BY group_key ORDER BY SUM(checkins) DESC, person_key) AS place
    FROM signs_seen
    WHERE checkins > 0 AND house IS NULL
    GROUP BY group_key, person_key
  ) AS ranked
  GROUP BY group_key
) AS c
  ON t.group_key = c.group_key
