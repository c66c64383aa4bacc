-- name: talk
-- zh: 窗口内的发言
-- en: Talk in the window
-- per: group
-- needs: group_days
-- method: A01 A02 A03 A04
-- source: history: messages of people who are not house
-- formula: sums over the last `window` days, the as-of day included; plain rule: spoke on every day / on some days / on none
-- definition_en: How much was said, by how many people (each counted once a day), and on how many of the window's days.
-- definition_zh: 窗口内说了多少条、每天有多少人说话（每人每天计一次）、窗口内有几天有人说话。
-- column: messages | messages | 0 | 窗口内消息数 | messages in the window
-- column: speaker_days | person-days | 0 | 人天数 | person-days of talk
-- column: days_active | days | 0 | 窗口内有人说话的天数 | days with talk in the window
-- column: house_messages | messages | 0 | 自己人在窗口内的消息数（只展示，不计入） | messages by house accounts, beside the figures
SELECT
  group_key,
  CAST(SUM(messages) AS BIGINT) AS messages,
  CAST(SUM(speakers) AS BIGINT) AS speaker_days,
  COUNT(CASE WHEN messages > 0 THEN 1 END) AS days_active,
  CAST(SUM(house_messages) AS BIGINT) AS house_messages
FROM group_days
WHERE day > $as_of - $window
GROUP BY group_key
