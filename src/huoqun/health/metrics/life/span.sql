-- name: span
-- zh: 寿命与沉默
-- en: Life span and silence
-- per: group
-- needs: talk_groups
-- method: A05 A18 A19
-- source: history: messages of people who are not house
-- formula: life = day of the last talk - day of the first; silent = as-of day - day of the last talk
-- definition_en: How long the group has talked so far, from its first to its last talk, and for how many days it has been silent.
-- definition_zh: 从第一次有人说话到最近一次有人说话经过了多少天；到统计日为止已经沉默了多少天。
-- column: messages_ever | messages | unknown | 累计消息数 | messages so far
-- column: talk_days | days | unknown | 累计有人说话的天数 | days with talk so far
-- column: first_talk_on | date | unknown | 第一次有人说话 | first talk
-- column: last_message_on | date | unknown | 最近一次有人说话 | last talk
-- column: last_message_at | moment | unknown | 最近一条消息的时间 | time of the last message
-- column: life_days | days | unknown | 寿命（天） | life span in days
-- column: days_silent | days | unknown | 已沉默天数 | days of silence
SELECT
  group_key,
  messages AS messages_ever,
  talk_days,
  first_day AS first_talk_on,
  last_day AS last_message_on,
  last_at AS last_message_at,
  last_day - first_day AS life_days,
  $as_of - last_day AS days_silent
FROM talk_groups
