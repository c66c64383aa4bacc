-- name: plain_rule
-- zh: 每天活跃、偶尔冒泡、没人说话
-- en: Every day, sometimes, silent
-- per: portfolio
-- needs: talk_groups, group_days
-- method: A02 A03 A04 L18
-- source: history: groups in which somebody who is not house has spoken
-- formula: days with talk in the last 7: all 7, 1 to 6, none. An occasional group is not called dead
-- definition_en: The method's plain rule: how many groups spoke on every one of the last 7 days, on some, on none.
-- definition_zh: 方法的朴素规则：最近 7 天每天都有人说话、偶尔冒泡、一天都没有的群各有多少。
-- column: every_day | groups | 0 | 7 天天天有人说话 | spoke every day
-- column: sometimes | groups | 0 | 偶尔冒泡 | spoke sometimes
-- column: silent | groups | 0 | 7 天没人说话 | silent for 7 days
SELECT
  COUNT(CASE WHEN days = 7 THEN 1 END) AS every_day,
  COUNT(CASE WHEN days BETWEEN 1 AND 6 THEN 1 END) AS sometimes,
  COUNT(CASE WHEN days = 0 THEN 1 END) AS silent
FROM (
  SELECT t.group_key, COUNT(d.day) AS days
  FROM talk_groups AS t
  LEFT JOIN group_days AS d ON t.group_key = d.group_key AND d.messages > 0 AND d.day > $as_of - 7
  GROUP BY t.group_key
) AS week
