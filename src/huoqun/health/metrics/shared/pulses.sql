-- name: pulses
-- as: table
-- needs: alone_days
-- about: How many members spoke in each half hour without an operator.
SELECT a.group_key, a.day, h.half, COUNT(*) AS people
FROM alone_days AS a
CROSS JOIN (SELECT CAST(half AS INT) AS half FROM (SELECT UNNEST(GENERATE_SERIES(0, 47)) AS half) AS of_a_day) AS h
WHERE (a.alone >> h.half) & 1 = 1
GROUP BY a.group_key, a.day, h.half
