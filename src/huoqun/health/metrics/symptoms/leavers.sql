-- name: leavers
-- zh: 群发后退群
-- en: Leaving after broadcasts
-- per: group
-- needs: own_days, broadcasts, person_moves, move_coverage
-- method: A13
-- source: history: leaves, and the house's advertisements and calls to everybody (@所有人), in the group's last 90 days up to its own last talk, as far back as history is kept message by message (97 days before the as-of day); older: unknown. Unknown where the carrier reports no leaves, without a broadcast, and where nobody left at any other time
-- formula: (leaves within 24 hours after the day's first broadcast / those hours) / (other leaves / all other hours)
-- definition_en: How many times as fast people leave in the day after a broadcast by the house.
-- definition_zh: 自己人群发广告或@所有人之后 24 小时内，退群速度是平时的几倍。
-- column: leavers_after_broadcast | ratio | unknown | 群发后退群速度（相对平时） | leaving after broadcasts, against usual
SELECT
  o.group_key,
  CASE
    WHEN l.all_leaves > COALESCE(a.leaves, 0) AND b.after_us < o.span_us
      THEN COALESCE(a.leaves, 0) / CAST(b.after_us AS DOUBLE) * (o.span_us - b.after_us) / (l.all_leaves - COALESCE(a.leaves, 0))
  END AS leavers_after_broadcast
FROM (
  SELECT
    group_key,
    close_from,
    LEAST(last_day + 1, $as_of) AS until_day,
    (LEAST(last_day + 1, $as_of) - close_from + 1) * $day_us AS span_us
  FROM own_days
  WHERE NOT close_from IS NULL
) AS o
INNER JOIN move_coverage AS c ON o.group_key = c.group_key AND c.leaves_known
INNER JOIN (SELECT group_key, CAST(SUM(until_at - first_at) AS BIGINT) AS after_us FROM broadcasts GROUP BY group_key) AS b
  ON o.group_key = b.group_key
INNER JOIN (
  SELECT w.group_key, COUNT(*) AS all_leaves
  FROM own_days AS w
  INNER JOIN person_moves AS v
    ON w.group_key = v.group_key AND v.kind = 'leave' AND v.day BETWEEN w.close_from AND w.last_day + 1
  GROUP BY w.group_key
) AS l
  ON o.group_key = l.group_key
LEFT JOIN (
  SELECT v.group_key, COUNT(*) AS leaves
  FROM person_moves AS v
  INNER JOIN (
    SELECT b.group_key, b.day + l.later AS day, b.first_at, b.until_at
    FROM broadcasts AS b
    CROSS JOIN (SELECT UNNEST([0, 1]) AS later) AS l
  ) AS s
    ON v.group_key = s.group_key AND v.day = s.day
  WHERE v.kind = 'leave' AND v.at_us >= s.first_at AND v.at_us < s.until_at
  GROUP BY v.group_key
) AS a
  ON o.group_key = a.group_key
