-- name: merged
-- as: table
-- needs: same_person
-- about: Accounts that are one person with others; everybody else is a person of their own.
SELECT DISTINCT author_key, person_key
FROM (
  SELECT author_key, person_key FROM same_person
  UNION ALL
  SELECT person_key AS author_key, person_key FROM same_person
) AS pairs
