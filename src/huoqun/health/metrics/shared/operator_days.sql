-- name: operator_days
-- as: table
-- needs: house_days
-- about: What staff and helpers together said in a group on a day, and in which half hours. Bots are no operators.
SELECT
  group_key,
  day,
  CAST(SUM(messages) AS BIGINT) AS messages,
  BIT_OR(halves) AS halves
FROM house_days
WHERE house <> 'bot'
GROUP BY group_key, day
