-- name: answered
-- as: table
-- needs: waiting, answers
-- about: For each ask, when a member first answered it expressly, when something said soon after was taken for one, and when staff did.
SELECT
  w.group_key,
  w.day,
  w.at_us,
  w.source_id,
  w.person_key,
  w.is_question,
  w.is_first_words,
  a.member_at,
  a.inferred_at,
  a.staff_at
FROM waiting AS w
LEFT JOIN (
  SELECT
    group_key,
    ask_id,
    MIN(CASE WHEN house IS NULL AND how <> 'inferred' THEN at_us END) AS member_at,
    MIN(CASE WHEN house IS NULL AND how = 'inferred' THEN at_us END) AS inferred_at,
    MIN(CASE WHEN NOT house IS NULL THEN at_us END) AS staff_at
  FROM answers
  GROUP BY group_key, ask_id
) AS a
  ON w.group_key = a.group_key AND w.source_id = a.ask_id
