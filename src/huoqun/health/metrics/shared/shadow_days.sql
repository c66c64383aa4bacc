-- name: shadow_days
-- as: table
-- needs: operator_days
-- about: Half hours of a day in which, or in the four before which, an operator spoke (`after`), and likewise with the one before (`soon`).
SELECT
  group_key,
  day,
  -- 48 bits, one for each half hour; what goes beyond midnight belongs to the next day.
  BIT_OR(after & 281474976710655) AS after,
  BIT_OR(soon & 281474976710655) AS soon
FROM (
  SELECT
    group_key,
    day,
    halves | (halves << 1) | (halves << 2) | (halves << 3) | (halves << 4) AS after,
    halves | (halves << 1) AS soon
  FROM operator_days
  UNION ALL
  SELECT
    group_key,
    day + 1 AS day,
    (halves | (halves << 1) | (halves << 2) | (halves << 3) | (halves << 4)) >> 48 AS after,
    (halves | (halves << 1)) >> 48 AS soon
  FROM operator_days
) AS both_days
GROUP BY group_key, day
