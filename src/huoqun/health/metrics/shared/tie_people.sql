-- name: tie_people
-- as: table
-- needs: all_person_days, talk_groups
-- about: Who spoke in the window in which ties are looked for: the last months of the group's own talk, as far as talk is known message by
-- about: message. House included. A group of whose window less than two weeks are known has no row.
SELECT
  d.group_key,
  d.person_key,
  d.house,
  CAST(SUM(d.messages) AS BIGINT) AS messages
FROM all_person_days AS d
INNER JOIN talk_groups AS g ON d.group_key = g.group_key
WHERE
  g.last_day >= $as_of - $service_reach + 14
  AND d.day <= g.last_day
  AND d.day > g.last_day - $role_days
  AND d.day > $as_of - $service_reach
GROUP BY d.group_key, d.person_key, d.house
