-- name: group_days
-- as: view
-- needs: all_group_days
-- about: Days of groups, as far as was knowable.
SELECT group_key, day, messages, speakers, house_messages, house_speakers, joins, leaves, first_at, last_at
FROM all_group_days
WHERE day <= $as_of
