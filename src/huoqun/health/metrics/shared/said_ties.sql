-- name: said_ties
-- as: table
-- needs: replies, merged, tie_people, tie_window
-- about: Who answered or named whom, and how often, where people say so. Both spoke in the window; nobody is tied to themselves.
SELECT
  a.group_key,
  a.from_key,
  a.to_key,
  f.house AS from_house,
  t.house AS to_house,
  COUNT(CASE WHEN a.is_reply THEN 1 END) AS replies,
  COUNT(CASE WHEN NOT a.is_reply THEN 1 END) AS mentions,
  CAST(0 AS DOUBLE) AS inferred,
  CAST(1 AS DOUBLE) AS certainty
FROM (
  SELECT
    r.group_key,
    COALESCE(m.person_key, r.author_key) AS from_key,
    COALESCE(n.person_key, r.answered_key, r.to_key) AS to_key,
    NOT r.answered_key IS NULL AS is_reply
  FROM replies AS r
  INNER JOIN tie_window AS w ON r.group_key = w.group_key
  LEFT JOIN merged AS m ON r.author_key = m.author_key
  LEFT JOIN merged AS n ON COALESCE(r.answered_key, r.to_key) = n.author_key
  WHERE
    w.express
    AND r.day BETWEEN w.first_day AND w.last_day
    AND NOT COALESCE(r.answered_key, r.to_key) IS NULL
) AS a
INNER JOIN tie_people AS f ON a.group_key = f.group_key AND a.from_key = f.person_key
INNER JOIN tie_people AS t ON a.group_key = t.group_key AND a.to_key = t.person_key
WHERE a.from_key <> a.to_key
GROUP BY a.group_key, a.from_key, a.to_key, f.house, t.house
