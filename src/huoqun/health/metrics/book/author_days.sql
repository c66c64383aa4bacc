-- name: author_days
-- as: table
-- needs: said
-- about: One row for each account and day on which it spoke in a group. The half hours in which
-- about: it did stand as bits (bit 0: from midnight on). Whose account it is and whether it is house is decided later.
SELECT
  group_key,
  day,
  author_key,
  COUNT(*) AS messages,
  MIN(at_us) AS first_at,
  MAX(at_us) AS last_at,
  COUNT(
    CASE WHEN COALESCE(reply_to_author <> author_key, NOT reply_to IS NULL) OR ARRAY_LENGTH(mentions) > 0 THEN 1 END
  ) AS replies,
  BIT_OR(CAST(1 AS BIGINT) << half) AS halves
FROM said
WHERE kind IN ($talk_kinds) AND sent_at >= $span_start AND sent_at < $span_end
GROUP BY group_key, day, author_key
