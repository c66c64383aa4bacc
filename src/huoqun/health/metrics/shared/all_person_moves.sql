-- name: all_person_moves
-- as: table
-- needs: moves, merged, house_people
-- about: Joins and leaves of people who are not house.
SELECT v.group_key, v.day, v.at_us, COALESCE(m.person_key, v.author_key) AS person_key, v.kind, v.inviter_key
FROM moves AS v
LEFT JOIN merged AS m ON v.author_key = m.author_key
LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, v.author_key)
WHERE h.house IS NULL
