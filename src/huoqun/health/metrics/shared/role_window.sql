-- name: role_window
-- as: table
-- needs: person_days, talk_groups
-- about: Who carried the group's last months of talk. Counted back from its own last talk, so that a silent group still shows who carried it.
SELECT
  d.group_key,
  d.person_key,
  CAST(SUM(d.messages) AS BIGINT) AS messages,
  COUNT(*) AS days,
  CAST(SUM(d.replies) AS BIGINT) AS replies,
  MAX(d.last_at) AS last_at,
  ROW_NUMBER() OVER (PARTITION BY d.group_key ORDER BY SUM(d.messages) DESC, d.person_key) AS place,
  COUNT(*) OVER (PARTITION BY d.group_key) AS speakers,
  CAST(SUM(SUM(d.messages)) OVER (PARTITION BY d.group_key) AS BIGINT) AS total
FROM person_days AS d
INNER JOIN talk_groups AS g ON d.group_key = g.group_key
WHERE d.day > g.last_day - $role_days
GROUP BY d.group_key, d.person_key
