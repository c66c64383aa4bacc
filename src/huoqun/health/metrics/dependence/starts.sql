-- name: conversation_starts
-- zh: 谁起的头
-- en: Who starts the talk
-- per: group
-- needs: own_days, starts, merged, house_people, operators_known
-- method: A08 A24
-- source: history: times of all messages in the group's last 90 days, as far back as they are kept message by message (97 days before the as-of day); older: unknown
-- formula: a start = the first message after more than 60 minutes without one by anybody; starts by bots are counted for nobody; share = starts by staff and helpers / starts by them and members
-- definition_en: Who breaks the silence: how many conversations began, how many of them by members, and what share by operators.
-- definition_zh: 安静一小时以后谁先开口：开了多少次头，群友开的多少次，运营开的占多少。
-- column: conversation_starts | starts | unknown | 话头数 | conversations started
-- column: member_starts | starts | unknown | 群友起头数 | started by members
-- column: house_starts_share | fraction | unknown | 运营起头占比 | share started by operators
SELECT
  o.group_key,
  COUNT(CASE WHEN COALESCE(h.house, '') <> 'bot' THEN s.at_us END) AS conversation_starts,
  COUNT(CASE WHEN h.house IS NULL THEN s.at_us END) AS member_starts,
  CASE
    WHEN k.known
      THEN COUNT(CASE WHEN h.house <> 'bot' THEN 1 END)
        / CAST(NULLIF(COUNT(CASE WHEN COALESCE(h.house, '') <> 'bot' THEN s.at_us END), 0) AS DOUBLE)
  END AS house_starts_share
FROM own_days AS o
CROSS JOIN operators_known AS k
LEFT JOIN starts AS s ON o.group_key = s.group_key AND s.day BETWEEN o.close_from AND o.last_day
LEFT JOIN merged AS m ON s.author_key = m.author_key
LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, s.author_key)
WHERE NOT o.close_from IS NULL
GROUP BY o.group_key, k.known
