-- name: alone_days
-- as: table
-- needs: person_days, rhythm, shadow_days
-- about: The half hours in which a member spoke, and those of them in which no operator had spoken in the same half hour or the one before.
SELECT
  d.group_key,
  d.day,
  d.halves,
  d.halves - (d.halves & COALESCE(s.soon, 0)) AS alone
FROM person_days AS d
INNER JOIN rhythm AS r ON d.group_key = r.group_key AND d.day >= r.first_day
LEFT JOIN shadow_days AS s ON d.group_key = s.group_key AND d.day = s.day
