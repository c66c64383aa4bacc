-- name: pairs
-- zh: 群友之间的联系
-- en: Ties between members
-- per: group
-- needs: tie_groups, tied_pairs
-- method: A25 C17
-- source: history: replies and mentions of the last 90 days of the group's own talk, people who are not house; where fewer than one message in twenty says whom it answers, who answers whom is inferred from the last messages. Unknown where neither is known
-- formula: two people are connected where one answered or named the other (inferred: where at least half an answer is expected between them). density = connected pairs / all pairs of speakers, unknown for fewer than two speakers. reciprocity = pairs in which both address the other / connected pairs. certainty = mean probability of the links the linker chose, 1 where people say it themselves
-- definition_en: How many pairs of members talk to one another, how dense that is, and how much of it goes both ways.
-- definition_zh: 有多少对群友互相搭过话，联系有多密，其中多少是有来有回的。
-- column: ties_from | word | unknown | 联系的来源 | where ties are known from
-- column: tie_certainty | fraction | unknown | 联系的把握 | how certain the ties are
-- column: pairs_connected | people-pairs | unknown | 有联系的人对数 | pairs connected
-- column: tie_density | fraction | unknown | 联系密度 | density of ties
-- column: reciprocity | fraction | unknown | 有来有回的比例 | reciprocity
SELECT
  g.group_key,
  MAX(g.ties_from) AS ties_from,
  MAX(g.tie_certainty) AS tie_certainty,
  COUNT(p.one_key) AS pairs_connected,
  CASE
    WHEN MAX(g.speakers) >= 2
    THEN COUNT(p.one_key) * 2 / CAST(MAX(g.speakers) * (MAX(g.speakers) - 1) AS DOUBLE)
  END AS tie_density,
  AVG(CASE WHEN p.is_mutual THEN 1 WHEN NOT p.is_mutual THEN 0 END) AS reciprocity
FROM tie_groups AS g
LEFT JOIN tied_pairs AS p ON g.group_key = p.group_key
GROUP BY g.group_key
