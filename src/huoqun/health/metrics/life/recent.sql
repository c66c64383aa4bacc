-- name: recent
-- zh: 近 30 天的发言
-- en: Talk in the last 30 days
-- per: group
-- needs: group_days
-- method: A01
-- source: history: messages of people who are not house
-- formula: sums over the last 30 days
-- definition_en: Messages and days with talk in the last 30 days.
-- definition_zh: 最近 30 天的消息数和有人说话的天数。
-- column: messages_30d | messages | 0 | 近 30 天消息数 | messages in the last 30 days
-- column: days_active_30d | days | 0 | 近 30 天有人说话的天数 | days with talk in the last 30 days
-- column: house_messages_30d | messages | 0 | 自己人近 30 天消息数（只展示，不计入） | messages by house accounts in the last 30 days, beside the figures
SELECT
  group_key,
  CAST(SUM(messages) AS BIGINT) AS messages_30d,
  COUNT(CASE WHEN messages > 0 THEN 1 END) AS days_active_30d,
  CAST(SUM(house_messages) AS BIGINT) AS house_messages_30d
FROM group_days
WHERE day > $as_of - $recent_days
GROUP BY group_key
