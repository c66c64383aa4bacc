-- name: signs_seen
-- as: table
-- needs: own_days, signs, merged, house_people
-- about: Advertisements, check-ins and calls of each group's last months by person, with whether they are house; and without a person all other talk.
SELECT
  s.group_key,
  s.day,
  COALESCE(m.person_key, s.author_key) AS person_key,
  h.house,
  s.messages,
  s.texts,
  s.ads,
  s.checkins,
  s.calls,
  s.first_at
FROM own_days AS o
INNER JOIN signs AS s ON o.group_key = s.group_key AND s.day BETWEEN o.close_from AND o.last_day
LEFT JOIN merged AS m ON s.author_key = m.author_key
LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, s.author_key)
