-- name: replies
-- as: table
-- needs: marked
-- about: Messages that say themselves whom or what they answer. A reply to a message answers that one; a reply that names no more than
-- about: a person is like a mention. `answered_key` is whoever is replied to, `to_key` whoever is only named.
SELECT
  group_key,
  day,
  at_us,
  author_key,
  reply_to,
  CASE WHEN reply_to IS NULL THEN reply_to_author END AS to_key,
  reply_to_author AS answered_key
FROM marked
WHERE kind <> 'claim' AND (NOT reply_to IS NULL OR NOT reply_to_author IS NULL)
UNION ALL
SELECT group_key, day, at_us, author_key, CAST(NULL AS TEXT) AS reply_to, to_key, CAST(NULL AS BIGINT) AS answered_key
FROM (
  SELECT group_key, day, at_us, author_key, UNNEST(mentions) AS to_key
  FROM marked
  WHERE kind <> 'claim' AND NOT mentions IS NULL
) AS named
