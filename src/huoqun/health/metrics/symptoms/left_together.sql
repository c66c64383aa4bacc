-- name: left_together
-- zh: 骨干一起走
-- en: Key people who left together
-- per: group
-- needs: role_window, person_moves, move_coverage
-- method: A08 A11
-- source: history: leaves of the ten who said most in the group's last 90 days up to its own last talk; unknown where the carrier reports no leaves
-- formula: most of them who left within four days of one another and did not come back; talk = their share of all messages of those 90 days
-- definition_en: How many of the ten busiest left the group within four days of one another, and how much of the talk was theirs.
-- definition_zh: 说得最多的十个人里，四天之内前后脚退群的有几位，他们占了多少发言。
-- column: left_together | people | unknown | 四天内一起退群的骨干 | key people who left within four days
-- column: left_together_share | fraction | unknown | 他们的发言占比 | their share of talk
SELECT
  c.group_key,
  COALESCE(MAX(n.people), 0) AS left_together,
  COALESCE(MAX(n.share), 0) AS left_together_share
FROM move_coverage AS c
INNER JOIN (SELECT DISTINCT group_key FROM role_window) AS w ON c.group_key = w.group_key
LEFT JOIN (
  SELECT
    group_key,
    COUNT(*) OVER near AS people,
    SUM(share) OVER near AS share
  FROM (
    SELECT r.group_key, r.messages / CAST(r.total AS DOUBLE) AS share, MAX(v.day) AS day
    FROM role_window AS r
    INNER JOIN person_moves AS v ON r.group_key = v.group_key AND r.person_key = v.person_key
    WHERE r.place <= 10
    GROUP BY r.group_key, r.person_key, r.messages, r.total
    HAVING MAX(CASE WHEN v.kind = 'leave' THEN v.at_us END) > COALESCE(MAX(CASE WHEN v.kind = 'join' THEN v.at_us END), 0)
  ) AS gone
  WINDOW near AS (PARTITION BY group_key ORDER BY day RANGE BETWEEN CURRENT ROW AND 3 FOLLOWING)
) AS n
  ON c.group_key = n.group_key
WHERE c.leaves_known
GROUP BY c.group_key
