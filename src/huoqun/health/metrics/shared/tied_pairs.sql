-- name: tied_pairs
-- as: view
-- needs: ties
-- about: Two members who answer one another, house left out, each pair once: connected where at least half an answer is expected between them,
-- about: mutual where it is in both directions.
SELECT
  group_key,
  one_key,
  other_key,
  SUM(weight) AS weight,
  COUNT(CASE WHEN weight >= 0.5 THEN 1 END) = 2 AS is_mutual
FROM (
  SELECT group_key, LEAST(from_key, to_key) AS one_key, GREATEST(from_key, to_key) AS other_key, weight
  FROM ties
  WHERE from_house IS NULL AND to_house IS NULL
) AS both_ways
GROUP BY group_key, one_key, other_key
HAVING SUM(weight) >= 0.5
