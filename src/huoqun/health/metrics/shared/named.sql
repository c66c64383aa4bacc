-- name: named
-- as: table
-- needs: waiting, replies
-- about: Messages that name somebody who asked before, with the time of the latest ask before them. Found by going through asks and
-- about: mentions in the order of time once: joining each mention with every earlier ask would grow with their product.
SELECT group_key, to_key, answerer_key, at_us, asked_at
FROM (
  SELECT
    group_key,
    to_key,
    answerer_key,
    at_us,
    MAX(ask_at) OVER (
      PARTITION BY group_key, to_key ORDER BY at_us, is_mention ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS asked_at,
    is_mention
  FROM (
    SELECT group_key, author_key AS to_key, CAST(NULL AS BIGINT) AS answerer_key, at_us, at_us AS ask_at, 0 AS is_mention
    FROM waiting
    UNION ALL
    SELECT group_key, to_key, author_key AS answerer_key, at_us, CAST(NULL AS BIGINT) AS ask_at, 1 AS is_mention
    FROM replies
    WHERE NOT to_key IS NULL AND day <= $as_of AND day > $as_of - $service_reach
  ) AS both_kinds
) AS in_order
WHERE is_mention = 1 AND NOT asked_at IS NULL
