-- name: early_end
-- zh: 一周内沉默与活过 30 天
-- en: Silent within a week, alive after 30 days
-- per: portfolio
-- needs: talk_groups
-- method: A05 L18
-- source: history: groups whose first talk is at least 30 days back. Anchors: about 40 % and 30 % of 474,726 WeChat groups of 2015 (Qiu et al., WWW 2016)
-- formula: silent within a week: last talk at most 7 days after the first and more than 30 days ago; outlived a month: last talk at least 30 days after the first
-- definition_en: Of groups old enough to tell: how many fell silent within a week and how many talked for more than 30 days.
-- definition_zh: 开群满 30 天的群里，有多少一周内就沉默，有多少说话超过 30 天。
-- column: old_enough | groups | 0 | 开群满 30 天 | groups at least 30 days old
-- column: silent_in_a_week | fraction | unknown | 一周内沉默 | fell silent within a week
-- column: outlived_a_month | fraction | unknown | 活过 30 天 | talked for more than 30 days
SELECT
  COUNT(*) AS old_enough,
  AVG(CASE WHEN last_day - first_day <= 7 AND last_day < $as_of - 30 THEN 1 ELSE 0 END) AS silent_in_a_week,
  AVG(CASE WHEN last_day - first_day >= 30 THEN 1 ELSE 0 END) AS outlived_a_month
FROM talk_groups
WHERE first_day <= $as_of - 30
