-- name: house_talk
-- zh: 运营说了多少
-- en: How much the operators say
-- per: group
-- needs: own_days, group_days, operator_days, operators_known
-- method: A08 A12 A24
-- source: history: messages of staff and helpers, and of people who are not house, in the group's last 90 days up to its own last talk. Bots are left out of both. Unknown where nobody is labelled staff or helper
-- formula: share = operators' messages / (operators' + members' messages); per message = operators' / members' messages; silent = as-of day - day of the operators' last message, unknown where none was ever seen
-- definition_en: What part of the talk comes from operators, how many messages they spend on each message of a member, and for how long they have been silent.
-- definition_zh: 发言里有多少是运营说的；群友每说一条，运营要说几条；运营多少天没说话了。
-- column: house_share_90d | fraction | unknown | 运营发言占比 | operators' share of messages
-- column: house_per_member_message | ratio | unknown | 群友每说一条，运营说几条 | operators' messages per member message
-- column: house_silent_days | days | unknown | 运营已沉默天数 | days since the operators' last message
SELECT
  m.group_key,
  CASE WHEN k.known THEN COALESCE(h.messages, 0) / CAST(COALESCE(h.messages, 0) + m.messages AS DOUBLE) END AS house_share_90d,
  CASE WHEN k.known THEN COALESCE(h.messages, 0) / CAST(m.messages AS DOUBLE) END AS house_per_member_message,
  $as_of - s.last_day AS house_silent_days
FROM (
  SELECT o.group_key, CAST(SUM(d.messages) AS BIGINT) AS messages
  FROM own_days AS o
  INNER JOIN group_days AS d ON o.group_key = d.group_key AND d.day >= o.first_day
  GROUP BY o.group_key
) AS m
CROSS JOIN operators_known AS k
LEFT JOIN (
  SELECT o.group_key, CAST(SUM(d.messages) AS BIGINT) AS messages
  FROM own_days AS o
  INNER JOIN operator_days AS d ON o.group_key = d.group_key AND d.day BETWEEN o.first_day AND o.last_day
  GROUP BY o.group_key
) AS h
  ON m.group_key = h.group_key
LEFT JOIN (SELECT group_key, MAX(day) AS last_day FROM operator_days GROUP BY group_key) AS s
  ON m.group_key = s.group_key
