-- name: starts
-- as: table
-- needs: spoken
-- about: Who broke a silence of more than an hour, and when: each a start of a conversation.
SELECT group_key, day, at_us, author_key
FROM spoken
WHERE is_start AND day >= $first_service_day
