-- name: answers
-- as: table
-- needs: waiting, named, replies, followers, merged, house_people
-- about: Every message that may answer an ask: a reply to it, a mention of the asker soon after it (the latest ask counts; asks of one instant together), or one of
-- about: the next messages within minutes (inferred). With whether the answerer is house.
SELECT
  c.group_key,
  c.ask_id,
  c.at_us,
  c.how,
  COALESCE(m.person_key, c.answerer_key) AS person_key,
  h.house
FROM (
  SELECT w.group_key, w.source_id AS ask_id, r.at_us, 'reply' AS how, r.author_key AS answerer_key, w.person_key AS asker_key
  FROM waiting AS w
  INNER JOIN replies AS r ON w.group_key = r.group_key AND w.message_id = r.reply_to
  WHERE r.at_us >= w.at_us AND r.day <= $as_of
  UNION ALL
  SELECT n.group_key, w.source_id AS ask_id, n.at_us, 'mention' AS how, n.answerer_key, w.person_key AS asker_key
  FROM named AS n
  INNER JOIN waiting AS w ON n.group_key = w.group_key AND n.to_key = w.author_key AND n.asked_at = w.at_us
  WHERE n.at_us <= n.asked_at + $mention_us
  UNION ALL
  SELECT f.group_key, f.ask_id, f.at_us, 'inferred' AS how, f.answerer_key, w.person_key AS asker_key
  FROM followers AS f
  INNER JOIN waiting AS w ON f.group_key = w.group_key AND f.ask_id = w.source_id
  WHERE f.day <= $as_of
) AS c
LEFT JOIN merged AS m ON c.answerer_key = m.author_key
LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, c.answerer_key)
WHERE COALESCE(m.person_key, c.answerer_key) <> c.asker_key AND COALESCE(h.house, '') <> 'bot'
