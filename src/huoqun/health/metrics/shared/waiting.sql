-- name: waiting
-- as: table
-- needs: asks, merged, house_people
-- about: Asks of people who are not house, as far as was knowable and recent enough to be followed up.
SELECT
  a.group_key,
  a.day,
  a.at_us,
  a.source_id,
  a.message_id,
  COALESCE(m.person_key, a.author_key) AS person_key,
  a.author_key,
  NOT a.question IS NULL AS is_question,
  a.is_first_words
FROM asks AS a
LEFT JOIN merged AS m ON a.author_key = m.author_key
LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, a.author_key)
WHERE
  h.house IS NULL
  AND a.day <= $as_of
  AND a.day > $as_of - $service_reach
