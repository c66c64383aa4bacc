-- name: bridges
-- zh: 跨群的人
-- en: People who bridge groups
-- per: group
-- needs: tie_people, tie_window
-- method: C11
-- source: history: the last 90 days of each group's own talk, people who are not house
-- formula: speakers of this group's window who are speakers of another group's window too
-- definition_en: How many of the group's speakers also speak in another group.
-- definition_zh: 群里说话的人中，有多少也在别的群里说话。
-- column: bridge_people | people | unknown | 同时在别的群说话的人 | people who also speak in another group
SELECT w.group_key, COUNT(b.person_key) AS bridge_people
FROM tie_window AS w
LEFT JOIN (
  SELECT p.group_key, p.person_key
  FROM tie_people AS p
  INNER JOIN (
    SELECT person_key
    FROM tie_people
    WHERE house IS NULL
    GROUP BY person_key
    HAVING COUNT(*) > 1
  ) AS m
    ON p.person_key = m.person_key
) AS b
  ON w.group_key = b.group_key
GROUP BY w.group_key
