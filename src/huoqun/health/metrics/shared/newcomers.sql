-- name: newcomers
-- as: table
-- needs: joined, first_words, person_days, person_moves
-- about: Each newcomer: when they joined, first spoke, were answered, spoke again on a later day, left.
SELECT
  j.group_key,
  j.person_key,
  j.day AS joined_day,
  j.at_us AS joined_at,
  w.day AS spoke_day,
  w.at_us AS spoke_at,
  w.member_at,
  w.inferred_at,
  w.staff_at,
  r.returned_day,
  l.left_at
FROM joined AS j
LEFT JOIN first_words AS w ON j.group_key = w.group_key AND j.person_key = w.person_key
LEFT JOIN (
  SELECT d.group_key, d.person_key, MIN(d.day) AS returned_day
  FROM person_days AS d
  INNER JOIN first_words AS f ON d.group_key = f.group_key AND d.person_key = f.person_key
  WHERE d.day > f.day
  GROUP BY d.group_key, d.person_key
) AS r
  ON j.group_key = r.group_key AND j.person_key = r.person_key
LEFT JOIN (
  SELECT m.group_key, m.person_key, MIN(m.at_us) AS left_at
  FROM person_moves AS m
  INNER JOIN joined AS c ON m.group_key = c.group_key AND m.person_key = c.person_key
  WHERE m.kind = 'leave' AND m.at_us >= c.at_us
  GROUP BY m.group_key, m.person_key
) AS l
  ON j.group_key = l.group_key AND j.person_key = l.person_key
