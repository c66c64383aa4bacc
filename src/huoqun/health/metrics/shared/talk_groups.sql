-- name: talk_groups
-- as: table
-- needs: group_days
-- about: Groups in which somebody who is not house has spoken: the groups that can be judged.
SELECT
  group_key,
  CAST(SUM(messages) AS BIGINT) AS messages,
  COUNT(*) AS talk_days,
  MIN(day) AS first_day,
  MAX(day) AS last_day,
  MIN(first_at) AS first_at,
  MAX(last_at) AS last_at
FROM group_days
WHERE messages > 0
GROUP BY group_key
