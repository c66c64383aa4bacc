-- name: early_burst
-- zh: 短暂活跃后沉默
-- en: Short burst, then silence
-- per: group
-- needs: group_days, talk_groups
-- method: A05
-- source: history: messages of people who are not house
-- formula: messages of the first 14 days / all messages; fell silent in a week = last talk at most 7 days after the first, and silent since for more than 30 days; outlived a month = last talk at least 30 days after the first; both only for groups whose first talk is at least 30 days back
-- definition_en: How much of all talk fell into the first two weeks; whether the group fell silent within a week; whether it talked for more than 30 days.
-- definition_zh: 全部发言中有多少集中在头两周；是否一周内就沉默；是否说话超过 30 天。
-- column: first_weeks_share | fraction | unknown | 头两周发言占比 | share of talk in the first two weeks
-- column: silent_in_a_week | yes or no | unknown | 一周内沉默 | fell silent within a week
-- column: outlived_a_month | yes or no | unknown | 活过 30 天 | talked for more than 30 days
SELECT
  t.group_key,
  SUM(CASE WHEN d.day < t.first_day + 14 THEN d.messages ELSE 0 END) / CAST(MAX(t.messages) AS DOUBLE) AS first_weeks_share,
  CASE
    WHEN t.first_day <= $as_of - 30 THEN t.last_day - t.first_day <= 7 AND t.last_day < $as_of - 30
  END AS silent_in_a_week,
  CASE WHEN t.first_day <= $as_of - 30 THEN t.last_day - t.first_day >= 30 END AS outlived_a_month
FROM talk_groups AS t
INNER JOIN group_days AS d ON t.group_key = d.group_key
GROUP BY t.group_key, t.first_day, t.last_day
