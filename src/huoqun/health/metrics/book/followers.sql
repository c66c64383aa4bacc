-- name: followers
-- as: table
-- needs: all_asks
-- about: Who spoke next, soon after an ask. Which of them counts as an answer is decided when it is known who is house.
SELECT
  group_key,
  $next_day AS day,
  source_id AS ask_id,
  author_key AS asker_key,
  answerer_key,
  next_at AS at_us
FROM (
  SELECT group_key, source_id, author_key, at_us, next_1 AS answerer_key, next_1_at AS next_at FROM all_asks
  UNION ALL
  SELECT group_key, source_id, author_key, at_us, next_2 AS answerer_key, next_2_at AS next_at FROM all_asks
  UNION ALL
  SELECT group_key, source_id, author_key, at_us, next_3 AS answerer_key, next_3_at AS next_at FROM all_asks
  UNION ALL
  SELECT group_key, source_id, author_key, at_us, next_4 AS answerer_key, next_4_at AS next_at FROM all_asks
  UNION ALL
  SELECT group_key, source_id, author_key, at_us, next_5 AS answerer_key, next_5_at AS next_at FROM all_asks
) AS q
WHERE
  next_at <= at_us + $follow_us
  AND answerer_key <> author_key
  AND next_at >= $service_start_us
