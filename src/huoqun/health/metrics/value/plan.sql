-- name: plan_result
-- zh: 按计划来看
-- en: Judged by its plan
-- per: group
-- needs: plans, talk_groups
-- method: A22 L15
-- source: the community's plan for the group (flash or seasonal, with a planned end) and history: talk of people who are not house. Unknown for permanent groups, without a planned end and without talk
-- formula: overrun = talk more than 3 days after the planned end; early = last talk more than 3 days before the planned end, and the end is past or the group has been silent for more than a week; kept = the end is past and neither; running = anything else
-- definition_en: Whether a flash or seasonal group ended as planned: kept, early, overrun, or still running.
-- definition_zh: 快闪群、季节群有没有按计划收尾：按时、提前、拖延、还在进行。
-- column: plan_result | word | unknown | 计划执行情况 | how its plan went
SELECT
  p.group_key,
  CASE
    WHEN t.last_day > p.end_day + $plan_grace_days THEN 'overrun'
    WHEN t.last_day < p.end_day - $plan_grace_days AND ($as_of > p.end_day OR $as_of - t.last_day > 7) THEN 'early'
    WHEN $as_of > p.end_day THEN 'kept'
    ELSE 'running'
  END AS plan_result
FROM (
  SELECT group_key, DATE_DIFF('day', DATE '1970-01-01', planned_end) AS end_day
  FROM plans
  WHERE lifecycle IN ('flash', 'seasonal') AND NOT planned_end IS NULL
) AS p
INNER JOIN talk_groups AS t ON p.group_key = t.group_key
