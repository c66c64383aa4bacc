-- name: newcomers_reached
-- zh: 新人有没有被接住
-- en: Newcomers reached
-- per: group
-- needs: tie_groups, tie_people, ties, joined, move_coverage
-- method: A25 F20
-- source: history: joins of 90 days; replies and mentions, inferred where people do not say whom they answer; unknown where the carrier reports no joins
-- formula: members who joined in the 90 days up to the as-of day, spoke, and whom another person (bots left out) answered or named; inferred: where at least half an answer is expected. By staff: whom staff or helpers answered or named, whether or not members did too
-- definition_en: How many newcomers who spoke somebody answered, and how many of them staff did.
-- definition_zh: 说过话的新人里，有多少人得到过回应，其中多少得到过自己人的回应。
-- column: newcomers_reached | people | unknown | 得到回应的新人 | newcomers whom somebody answered
-- column: newcomers_reached_by_staff | people | unknown | 得到自己人回应的新人 | newcomers whom staff answered
SELECT
  g.group_key,
  COUNT(CASE WHEN r.received >= 0.5 THEN 1 END) AS newcomers_reached,
  COUNT(CASE WHEN r.from_staff >= 0.5 THEN 1 END) AS newcomers_reached_by_staff
FROM tie_groups AS g
INNER JOIN move_coverage AS c ON g.group_key = c.group_key
LEFT JOIN (
  SELECT
    t.group_key,
    t.to_key,
    SUM(t.weight) AS received,
    SUM(CASE WHEN t.from_house IS NULL THEN 0 ELSE t.weight END) AS from_staff
  FROM ties AS t
  INNER JOIN joined AS j ON t.group_key = j.group_key AND t.to_key = j.person_key
  WHERE COALESCE(t.from_house, '') <> 'bot'
  GROUP BY t.group_key, t.to_key
) AS r
  ON g.group_key = r.group_key
WHERE c.joins_known
GROUP BY g.group_key
