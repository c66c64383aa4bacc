-- name: operator_halves
-- as: table
-- needs: own_days, operator_days
-- about: Each half hour in which an operator posted, in the group's last months, with the weekday (0: Monday).
SELECT w.group_key, d.day, (d.day + 3) % 7 AS weekday, h.half
FROM own_days AS w
INNER JOIN operator_days AS d ON w.group_key = d.group_key AND d.day BETWEEN w.first_day AND w.last_day
CROSS JOIN (SELECT CAST(half AS INT) AS half FROM (SELECT UNNEST(GENERATE_SERIES(0, 47)) AS half) AS of_a_day) AS h
WHERE (d.halves >> h.half) & 1 = 1
