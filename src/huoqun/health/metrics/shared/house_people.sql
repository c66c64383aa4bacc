-- name: house_people
-- as: table
-- needs: house, merged
-- about: People who are house: one labelled account makes the whole person house (L02).
SELECT COALESCE(m.person_key, h.author_key) AS person_key, MIN(h.house) AS house
FROM house AS h
LEFT JOIN merged AS m ON h.author_key = m.author_key
GROUP BY COALESCE(m.person_key, h.author_key)
