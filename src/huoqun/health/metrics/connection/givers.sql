-- name: givers
-- zh: 谁在接话
-- en: Who gives the answers
-- per: group
-- needs: tie_groups, ties
-- method: A24 A25
-- source: history: replies and mentions of the last 90 days of the group's own talk, inferred where people do not say whom they answer
-- formula: an answer is a reply or a mention, or an expected one where inferred. staff share = answers with staff, helpers or bots at one end / all answers. top answerer = answers given by the member who gives most / answers given by members. Unknown where nobody answered
-- definition_en: How much of the answering has staff at one end, and how much of the members' answering rests on one person.
-- definition_zh: 搭话里有多少一头是自己人，群友的接话有多少靠同一个人。
-- column: staff_tie_share | fraction | unknown | 一头是自己人的联系占比 | share of ties with a house end
-- column: top_answerer_share | fraction | unknown | 接话最多的一个人占比 | share of the one who answers most
SELECT
  g.group_key,
  SUM(a.with_house) / NULLIF(SUM(a.given), 0) AS staff_tie_share,
  MAX(a.by_member) / NULLIF(SUM(a.by_member), 0) AS top_answerer_share
FROM tie_groups AS g
INNER JOIN (
  SELECT
    group_key,
    from_key,
    CAST(SUM(weight) AS DOUBLE) AS given,
    CAST(SUM(CASE WHEN from_house IS NULL AND to_house IS NULL THEN 0 ELSE weight END) AS DOUBLE) AS with_house,
    CAST(SUM(CASE WHEN from_house IS NULL THEN weight ELSE 0 END) AS DOUBLE) AS by_member
  FROM ties
  GROUP BY group_key, from_key
) AS a
  ON g.group_key = a.group_key
GROUP BY g.group_key
