-- name: moves
-- as: table
-- needs: said
-- about: Every join and leave that was reported.
SELECT group_key, day, at_us, author_key, kind
FROM said
WHERE kind IN ('join', 'leave') AND NOT author_key IS NULL AND sent_at >= $span_start AND sent_at < $span_end
