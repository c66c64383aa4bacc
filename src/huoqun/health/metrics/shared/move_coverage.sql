-- name: move_coverage
-- as: table
-- needs: moves
-- about: Groups whose carrier reports joins, or leaves. Where none was ever seen, they are not known, which is not zero.
SELECT
  group_key,
  COUNT(CASE WHEN kind = 'join' THEN 1 END) > 0 AS joins_known,
  COUNT(CASE WHEN kind = 'leave' THEN 1 END) > 0 AS leaves_known
FROM moves
WHERE day <= $as_of
GROUP BY group_key
