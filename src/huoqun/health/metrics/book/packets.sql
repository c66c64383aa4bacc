-- name: packets
-- as: table
-- needs: said
-- about: Red packets (`red_packet`) and who took from them (`claim`).
SELECT group_key, day, at_us, half, author_key, message_id, kind
FROM said
WHERE
  kind IN ('red_packet', 'claim')
  AND NOT author_key IS NULL
  AND sent_at >= $service_start
  AND sent_at < $span_end
