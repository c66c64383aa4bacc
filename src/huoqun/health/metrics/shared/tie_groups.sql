-- name: tie_groups
-- as: view
-- needs: tie_window, linked_groups
-- about: Groups of which it is known who answers whom, where from, and how certain.
SELECT w.group_key, w.speakers, 'replies' AS ties_from, CAST(1 AS DOUBLE) AS tie_certainty
FROM tie_window AS w
WHERE w.express
UNION ALL
SELECT w.group_key, w.speakers, 'inferred' AS ties_from, l.certainty AS tie_certainty
FROM tie_window AS w
INNER JOIN linked_groups AS l ON w.group_key = l.group_key
