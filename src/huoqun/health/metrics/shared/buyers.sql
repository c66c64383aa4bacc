-- name: buyers
-- as: table
-- needs: orders, merged, house_people
-- about: Who bought in the last 90 days up to the as-of day, not house: how many orders, each counted once, and for how much.
SELECT group_key, person_key, COUNT(*) AS orders, CAST(SUM(amount) AS BIGINT) AS amount
FROM (
  SELECT o.group_key, COALESCE(m.person_key, o.author_key) AS person_key, o.order_id, MAX(o.amount) AS amount
  FROM orders AS o
  LEFT JOIN merged AS m ON o.author_key = m.author_key
  LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, o.author_key)
  WHERE o.day <= $as_of AND o.day > $as_of - $role_days AND h.house IS NULL
  GROUP BY o.group_key, COALESCE(m.person_key, o.author_key), o.order_id
) AS once
GROUP BY group_key, person_key
