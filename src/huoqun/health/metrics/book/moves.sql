-- name: moves
-- as: table
-- needs: said
-- about: Every join and leave that was reported; of a join, who brought them, where that was.
SELECT group_key, day, at_us, author_key, kind, CASE WHEN kind = 'join' THEN other_key END AS inviter_key
FROM said
WHERE kind IN ('join', 'leave') AND NOT author_key IS NULL AND sent_at >= $span_start AND sent_at < $span_end
