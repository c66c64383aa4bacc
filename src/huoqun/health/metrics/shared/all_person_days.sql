-- name: all_person_days
-- as: table
-- needs: author_days, merged, house_people
-- about: One row for each person and day on which they spoke in a group.
SELECT p.*, h.house
FROM (
  SELECT a.group_key, a.day, a.author_key AS person_key, a.messages, a.first_at, a.last_at, a.replies, a.halves
  FROM author_days AS a
  WHERE NOT a.author_key IS NULL AND NOT EXISTS (SELECT 1 FROM merged AS m WHERE m.author_key = a.author_key)
  UNION ALL
  SELECT
    a.group_key,
    a.day,
    m.person_key,
    CAST(SUM(a.messages) AS BIGINT) AS messages,
    MIN(a.first_at) AS first_at,
    MAX(a.last_at) AS last_at,
    CAST(SUM(a.replies) AS BIGINT) AS replies,
    BIT_OR(a.halves) AS halves
  FROM author_days AS a
  INNER JOIN merged AS m ON a.author_key = m.author_key
  GROUP BY a.group_key, a.day, m.person_key
) AS p
LEFT JOIN house_people AS h ON p.person_key = h.person_key
