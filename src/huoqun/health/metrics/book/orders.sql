-- name: orders
-- as: table
-- needs: said
-- about: Every order that was reported, the amount in the currency's smallest unit. Read with patterns: a detail that is
-- about: no JSON costs the amount, not the audit.
SELECT
  group_key,
  day,
  at_us,
  author_key,
  COALESCE(NULLIF(REGEXP_EXTRACT(detail, '"order_id": ?"([^"]*)"', 1), ''), source_id) AS order_id,
  CAST(NULLIF(REGEXP_EXTRACT(detail, '"amount": ?(-?[0-9]+)', 1), '') AS BIGINT) AS amount
FROM said
WHERE kind = 'order' AND NOT author_key IS NULL AND sent_at >= $span_start AND sent_at < $span_end
