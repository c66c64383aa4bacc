-- name: marked
-- as: table
-- needs: said
-- about: The few messages that name or answer somebody, packets and claims: set aside, so that history is gone through once for them.
SELECT group_key, day, half, at_us, author_key, message_id, kind, reply_to, reply_to_author, mentions
FROM said
WHERE
  kind IN ($talk_kinds, 'claim')
  AND NOT author_key IS NULL
  AND (kind IN ('red_packet', 'claim') OR NOT reply_to IS NULL OR NOT reply_to_author IS NULL OR NOT mentions IS NULL)
  AND sent_at >= $service_start
  AND sent_at < $span_end
