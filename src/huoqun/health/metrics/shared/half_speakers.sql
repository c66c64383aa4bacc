-- name: half_speakers
-- as: table
-- needs: own_days, person_days
-- about: Who spoke in the first and in the second 45 days of each group's last 90, ranked by how much in each.
SELECT
  d.group_key,
  d.person_key,
  CASE WHEN d.day > o.last_day - 45 THEN 2 ELSE 1 END AS part,
  CAST(SUM(d.messages) AS BIGINT) AS messages,
  ROW_NUMBER() OVER (
    PARTITION BY d.group_key, CASE WHEN d.day > o.last_day - 45 THEN 2 ELSE 1 END ORDER BY SUM(d.messages) DESC, d.person_key
  ) AS place
FROM person_days AS d
INNER JOIN own_days AS o ON d.group_key = o.group_key AND d.day >= o.first_day
GROUP BY d.group_key, d.person_key, CASE WHEN d.day > o.last_day - 45 THEN 2 ELSE 1 END
