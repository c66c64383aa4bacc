-- name: broadcasts
-- as: table
-- needs: signs_seen
-- about: The house's first advertisement or call to everybody of a day, and until when what happens is counted as after it: a day, or the next one.
SELECT
  group_key,
  day,
  first_at,
  LEAST(
    first_at + $day_us,
    COALESCE(LEAD(first_at) OVER (PARTITION BY group_key ORDER BY first_at), first_at + $day_us)
  ) AS until_at
FROM (
  SELECT group_key, day, MIN(first_at) AS first_at
  FROM signs_seen
  WHERE NOT house IS NULL AND NOT first_at IS NULL
  GROUP BY group_key, day
) AS first_of_the_day
