-- name: all_group_days
-- as: table
-- needs: all_person_days, all_person_moves
-- about: One row for each group and day with talk, joins or leaves: what the heat map shows.
SELECT
  group_key,
  day,
  CAST(SUM(messages) AS BIGINT) AS messages,
  CAST(SUM(speakers) AS BIGINT) AS speakers,
  CAST(SUM(house_messages) AS BIGINT) AS house_messages,
  CAST(SUM(house_speakers) AS BIGINT) AS house_speakers,
  CAST(SUM(joins) AS BIGINT) AS joins,
  CAST(SUM(leaves) AS BIGINT) AS leaves,
  MIN(first_at) AS first_at,
  MAX(last_at) AS last_at
FROM (
  SELECT
    group_key,
    day,
    SUM(CASE WHEN house IS NULL THEN messages ELSE 0 END) AS messages,
    COUNT(CASE WHEN house IS NULL THEN 1 END) AS speakers,
    SUM(CASE WHEN house IS NULL THEN 0 ELSE messages END) AS house_messages,
    COUNT(house) AS house_speakers,
    0 AS joins,
    0 AS leaves,
    MIN(CASE WHEN house IS NULL THEN first_at END) AS first_at,
    MAX(CASE WHEN house IS NULL THEN last_at END) AS last_at
  FROM all_person_days
  GROUP BY group_key, day
  UNION ALL
  SELECT
    group_key,
    day,
    0 AS messages,
    0 AS speakers,
    0 AS house_messages,
    0 AS house_speakers,
    COUNT(CASE WHEN kind = 'join' THEN 1 END) AS joins,
    COUNT(CASE WHEN kind = 'leave' THEN 1 END) AS leaves,
    CAST(NULL AS BIGINT) AS first_at,
    CAST(NULL AS BIGINT) AS last_at
  FROM all_person_moves
  GROUP BY group_key, day
) AS parts
GROUP BY group_key, day
