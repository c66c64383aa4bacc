-- name: speakers
-- zh: 窗口内说话的人
-- en: People who spoke
-- per: group
-- needs: person_days
-- method: A01
-- source: history: authors who are not house; accounts merged into one person count once
-- formula: distinct people with at least one message in the window; likewise in the last 30 days
-- definition_en: How many different people spoke in the window, and in the last 30 days.
-- definition_zh: 窗口内、最近 30 天内各有多少个不同的人说过话。
-- column: speakers | people | 0 | 窗口内说话人数 | people who spoke in the window
-- column: speakers_30d | people | 0 | 近 30 天说话人数 | people who spoke in the last 30 days
SELECT
  group_key,
  COUNT(DISTINCT CASE WHEN day > $as_of - $window THEN person_key END) AS speakers,
  COUNT(DISTINCT CASE WHEN day > $as_of - $recent_days THEN person_key END) AS speakers_30d
FROM person_days
WHERE day > $as_of - GREATEST($window, $recent_days)
GROUP BY group_key
