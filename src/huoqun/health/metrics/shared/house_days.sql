-- name: house_days
-- as: view
-- needs: all_person_days
-- about: The talk of staff, helpers and bots, as far as was knowable.
SELECT group_key, day, person_key, house, messages, first_at, last_at, replies, halves
FROM all_person_days
WHERE NOT house IS NULL AND day <= $as_of
