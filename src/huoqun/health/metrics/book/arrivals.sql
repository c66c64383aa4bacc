-- name: arrivals
-- as: table
-- needs: moves
-- about: Joins recent enough for somebody's words still to be first words. Those before the days being made come from the book itself.
SELECT group_key, author_key, at_us AS joined_at
FROM (
  SELECT group_key, author_key, at_us, kind FROM moves
  UNION ALL
  SELECT group_key, author_key, at_us, kind FROM moves_before
) AS both_times
WHERE kind = 'join' AND at_us >= $arrivals_from
