-- name: person_days
-- as: view
-- needs: all_person_days
-- about: The same, for people who are not house and as far as was knowable.
SELECT group_key, day, person_key, messages, first_at, last_at, replies, halves
FROM all_person_days
WHERE house IS NULL AND day <= $as_of
