-- name: first_words
-- as: table
-- needs: joined, answered
-- about: The first thing a newcomer said soon after joining.
SELECT group_key, person_key, day, at_us, source_id, member_at, inferred_at, staff_at
FROM (
  SELECT
    a.group_key,
    a.person_key,
    a.day,
    a.at_us,
    a.source_id,
    a.member_at,
    a.inferred_at,
    a.staff_at,
    ROW_NUMBER() OVER (PARTITION BY a.group_key, a.person_key ORDER BY a.at_us, LENGTH(a.source_id), a.source_id) AS place
  FROM answered AS a
  INNER JOIN joined AS j ON a.group_key = j.group_key AND a.person_key = j.person_key
  WHERE a.is_first_words AND a.at_us BETWEEN j.at_us AND j.at_us + $welcome_us
) AS said_early
WHERE place = 1
