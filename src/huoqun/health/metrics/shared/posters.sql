-- name: posters
-- as: table
-- needs: person_life
-- about: Everybody who ever posted anywhere, ranked by how much.
SELECT
  person_key,
  messages,
  ROW_NUMBER() OVER (ORDER BY messages DESC, person_key) AS place,
  COUNT(*) OVER () AS people,
  CAST(SUM(messages) OVER () AS BIGINT) AS total
FROM (
  SELECT person_key, CAST(SUM(messages) AS BIGINT) AS messages
  FROM person_life
  GROUP BY person_key
) AS totals
