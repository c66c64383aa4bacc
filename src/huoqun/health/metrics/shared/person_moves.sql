-- name: person_moves
-- as: view
-- needs: all_person_moves
-- about: Joins and leaves, as far as was knowable.
SELECT group_key, day, at_us, person_key, kind, inviter_key
FROM all_person_moves
WHERE day <= $as_of
