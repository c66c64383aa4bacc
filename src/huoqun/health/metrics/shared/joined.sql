-- name: joined
-- as: table
-- needs: person_moves, unheard
-- about: Who joined in the cohort's days; the first time, where several. Of those who came while the group could not be heard,
-- about: nobody knows what they said.
SELECT v.group_key, v.person_key, MIN(v.at_us) AS at_us, MIN(v.day) AS day
FROM person_moves AS v
LEFT JOIN unheard AS u ON v.group_key = u.group_key AND COALESCE(u.first_day, $as_of) <= $as_of
WHERE v.kind = 'join' AND v.day > $as_of - $cohort_days AND (u.group_key IS NULL OR v.day > COALESCE(u.last_day, $as_of))
GROUP BY v.group_key, v.person_key
