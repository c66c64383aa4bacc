-- name: said
-- as: view
-- about: History as the metrics see it: times as microseconds since 1970, days of the community's zone as days since 1970, half hours of the day from 0 to 47.
SELECT
  group_key,
  source_id,
  kind,
  author_key,
  message_id,
  text,
  reply_to,
  reply_to_author,
  mentions,
  other_key,
  detail,
  sent_at,
  EPOCH_US(sent_at) AS at_us,
  $local_day AS day,
  $local_half AS half
FROM history
