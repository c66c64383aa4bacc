-- name: core
-- zh: 核心是否只跟自己人聊
-- en: Whether the core keeps to itself
-- per: group
-- needs: tie_groups, ties, role_window
-- method: A11 A24
-- source: history: replies and mentions of the last 90 days of the group's own talk between members, inferred where people do not say whom they answer. Unknown with fewer than eight speakers or without answers
-- formula: core = the five who said most. Inward = share of the core's answers that go to the core / the core's share of all messages (1: they answer whoever speaks). Others answered = answers received for each message by those outside the core / the same for the core
-- definition_en: Whether the busiest five answer mostly one another, and how much less often others are answered.
-- definition_zh: 说得最多的五个人是不是只接彼此的话；其他人的话被接的机会比他们少多少。
-- column: core_inward | ratio | unknown | 核心只接核心的倍数 | core answers the core, times expected
-- column: others_answered | ratio | unknown | 其他人被接话的机会（比核心） | others answered, beside the core
SELECT
  g.group_key,
  t.within / NULLIF(t.by_core, 0) / NULLIF(s.core_said / s.said, 0) AS core_inward,
  (t.to_others / NULLIF(s.said - s.core_said, 0)) / NULLIF(t.to_core / NULLIF(s.core_said, 0), 0) AS others_answered
FROM tie_groups AS g
INNER JOIN (
  SELECT
    group_key,
    COUNT(*) AS speakers,
    CAST(SUM(messages) AS DOUBLE) AS said,
    CAST(SUM(CASE WHEN place <= 5 THEN messages ELSE 0 END) AS DOUBLE) AS core_said
  FROM role_window
  GROUP BY group_key
) AS s
  ON g.group_key = s.group_key AND s.speakers >= 8
INNER JOIN (
  SELECT
    e.group_key,
    CAST(SUM(CASE WHEN f.place <= 5 AND t.place <= 5 THEN e.weight ELSE 0 END) AS DOUBLE) AS within,
    CAST(SUM(CASE WHEN f.place <= 5 THEN e.weight ELSE 0 END) AS DOUBLE) AS by_core,
    CAST(SUM(CASE WHEN t.place <= 5 THEN e.weight ELSE 0 END) AS DOUBLE) AS to_core,
    CAST(SUM(CASE WHEN t.place > 5 THEN e.weight ELSE 0 END) AS DOUBLE) AS to_others
  FROM ties AS e
  INNER JOIN role_window AS f ON e.group_key = f.group_key AND e.from_key = f.person_key
  INNER JOIN role_window AS t ON e.group_key = t.group_key AND e.to_key = t.person_key
  GROUP BY e.group_key
) AS t
  ON g.group_key = t.group_key
