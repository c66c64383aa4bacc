-- name: questions
-- as: view
-- needs: answered
-- about: The questions that are followed up.
SELECT
  group_key,
  day,
  at_us,
  source_id,
  person_key,
  member_at,
  inferred_at,
  staff_at,
  COALESCE(member_at, inferred_at) AS helped_at
FROM answered
WHERE is_question AND day > $as_of - $service_days
