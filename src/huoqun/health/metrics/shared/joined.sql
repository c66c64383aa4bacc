-- name: joined
-- as: table
-- needs: person_moves
-- about: Who joined in the cohort's days; the first time, where several.
SELECT group_key, person_key, MIN(at_us) AS at_us, MIN(day) AS day
FROM person_moves
WHERE kind = 'join' AND day > $as_of - $cohort_days
GROUP BY group_key, person_key
