-- name: roster
-- as: table
-- needs: person_life, person_moves
-- about: Members as of the day, as far as they were seen: who spoke or joined and did not leave afterwards.
SELECT group_key, person_key
FROM (
  SELECT group_key, person_key, MAX(last_at) AS here_at, CAST(NULL AS BIGINT) AS gone_at
  FROM person_life
  GROUP BY group_key, person_key
  UNION ALL
  SELECT
    group_key,
    person_key,
    MAX(CASE WHEN kind = 'join' THEN at_us END) AS here_at,
    MAX(CASE WHEN kind = 'leave' THEN at_us END) AS gone_at
  FROM person_moves
  GROUP BY group_key, person_key
) AS seen
GROUP BY group_key, person_key
HAVING MAX(gone_at) IS NULL OR MAX(here_at) > MAX(gone_at)
