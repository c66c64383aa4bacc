-- name: tie_window
-- as: table
-- needs: tie_people, talk_groups, replies
-- about: Each group's window for ties, and whether its people say whom they answer: at least one message in twenty names or replies to
-- about: somebody who is known.
SELECT
  p.group_key,
  p.first_day,
  p.last_day,
  p.messages,
  p.speakers,
  COUNT(r.group_key) * 20 >= p.messages AS express
FROM (
  SELECT
    t.group_key,
    GREATEST(MAX(g.last_day) - $role_days, $as_of - $service_reach) + 1 AS first_day,
    MAX(g.last_day) AS last_day,
    CAST(SUM(t.messages) AS BIGINT) AS messages,
    COUNT(CASE WHEN t.house IS NULL THEN 1 END) AS speakers
  FROM tie_people AS t
  INNER JOIN talk_groups AS g ON t.group_key = g.group_key
  GROUP BY t.group_key
) AS p
LEFT JOIN replies AS r
  ON p.group_key = r.group_key
  AND r.day >= p.first_day
  AND r.day <= p.last_day
  AND NOT COALESCE(r.answered_key, r.to_key) IS NULL
GROUP BY p.group_key, p.first_day, p.last_day, p.messages, p.speakers
