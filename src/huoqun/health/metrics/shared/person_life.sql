-- name: person_life
-- as: table
-- needs: person_days
-- about: What each person has said in a group so far.
SELECT
  group_key,
  person_key,
  CAST(SUM(messages) AS BIGINT) AS messages,
  COUNT(*) AS days,
  MIN(day) AS first_day,
  MIN(first_at) AS first_at,
  MAX(last_at) AS last_at
FROM person_days
GROUP BY group_key, person_key
