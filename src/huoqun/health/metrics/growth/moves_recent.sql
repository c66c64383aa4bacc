-- name: moves_recent
-- zh: 最后三个月的进出
-- en: Joins and leaves in its last months
-- per: group
-- needs: own_days, group_days, move_coverage
-- method: A20
-- source: history: joins and leaves of people who are not house; each unknown where the carrier never reported one
-- formula: counts in the group's last 90 days up to its own last talk
-- definition_en: How many joined and left in the group's own last months, also of one that is silent now.
-- definition_zh: 这个群自己最后三个月里进了多少人、退了多少人，现在已经安静的群也看得到。
-- column: joins_90d | people | unknown | 最后 90 天入群 | joins in its last 90 days
-- column: leaves_90d | people | unknown | 最后 90 天退群 | leaves in its last 90 days
SELECT
  o.group_key,
  CASE WHEN c.joins_known THEN CAST(SUM(d.joins) AS BIGINT) END AS joins_90d,
  CASE WHEN c.leaves_known THEN CAST(SUM(d.leaves) AS BIGINT) END AS leaves_90d
FROM own_days AS o
INNER JOIN move_coverage AS c ON o.group_key = c.group_key
INNER JOIN group_days AS d ON o.group_key = d.group_key AND d.day BETWEEN o.first_day AND o.last_day
GROUP BY o.group_key, c.joins_known, c.leaves_known
