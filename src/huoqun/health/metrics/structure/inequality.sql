-- name: inequality
-- zh: 发言不平等
-- en: Inequality of talk
-- per: group
-- needs: role_window
-- method: C17 C21
-- source: history: the last 90 days of the group's own talk, people who are not house
-- formula: Gini = sum((2 i - N - 1) x_i) / (N sum x), i by rising x; effective speakers = exp(-sum p ln p); holders = fewest people with half of all messages
-- definition_en: The Gini coefficient of messages among speakers, the number of equal speakers that would be as diverse, and the fewest people who hold half of the talk.
-- definition_zh: 发言条数的基尼系数；相当于多少个说得一样多的人；最少几个人就占了一半发言。
-- column: gini | fraction | unknown | 基尼系数 | Gini coefficient
-- column: effective_speakers | people | unknown | 有效发言人数 | effective speakers
-- column: half_holders | people | unknown | 占一半发言的最少人数 | fewest people holding half of the talk
SELECT
  group_key,
  -- place counts from the most talkative, so rising order i = N + 1 - place.
  SUM((speakers + 1 - 2 * place) * messages) / (CAST(MAX(speakers) AS DOUBLE) * MAX(total)) AS gini,
  -- Rounded: the last digits of a sum of fractions depend on the order in which an engine adds.
  ROUND(EXP(-SUM(messages / CAST(total AS DOUBLE) * LN(messages / CAST(total AS DOUBLE)))), 6) AS effective_speakers,
  COUNT(CASE WHEN 2 * before < total THEN 1 END) AS half_holders
FROM (
  SELECT
    group_key,
    messages,
    place,
    speakers,
    total,
    SUM(messages) OVER (PARTITION BY group_key ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - messages AS before
  FROM role_window
) AS running
GROUP BY group_key
