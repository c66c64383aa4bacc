-- name: seven_days
-- zh: 近 7 天
-- en: The last 7 days
-- per: group
-- needs: person_days
-- method: A02
-- source: history: people who are not house
-- formula: as talk and speakers, with a window of 7 days whatever the audit's window is
-- definition_en: People, messages and days with talk in the last 7 days: the method's own window, so that audits with other windows stay comparable.
-- definition_zh: 最近 7 天的人数、消息数和有人说话的天数：方法本身的窗口，换了窗口也能对比。
-- column: speakers_7d | people | 0 | 近 7 天说话人数 | people who spoke in the last 7 days
-- column: messages_7d | messages | 0 | 近 7 天消息数 | messages in the last 7 days
-- column: days_active_7d | days | 0 | 近 7 天有人说话的天数 | days with talk in the last 7 days
SELECT
  group_key,
  COUNT(DISTINCT person_key) AS speakers_7d,
  CAST(SUM(messages) AS BIGINT) AS messages_7d,
  COUNT(DISTINCT day) AS days_active_7d
FROM person_days
WHERE day > $as_of - 7
GROUP BY group_key
