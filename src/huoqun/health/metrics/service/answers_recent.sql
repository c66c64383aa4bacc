-- name: answers_recent
-- zh: 最近三个月的有求必应
-- en: Questions answered in its last months
-- per: group
-- needs: own_days, answered, group_days
-- method: A25 F23
-- source: as answers_given; the group's last 90 days up to its own last talk, as far back as history is kept message by message (97 days before the as-of day); older: unknown
-- formula: answered and by whom as in answers_given. In company = asked on a day on which at least 5 different members spoke: somebody was there who could have answered
-- definition_en: Questions of the group's own last months and how many found nobody; and the same for days on which people were there.
-- definition_zh: 这个群自己最后三个月里的提问有多少没人理；其中当天明明有好些人在说话的，又有多少没人理。
-- column: questions_90d | questions | unknown | 最后 90 天提问 | questions in its last 90 days
-- column: unanswered_90d | questions | unknown | 其中没人回答 | of these, answered by nobody
-- column: answered_share_90d | fraction | unknown | 最后 90 天群友应答率 | share answered by members in its last 90 days
-- column: asked_in_company | questions | unknown | 有人在场时的提问 | questions asked in company
-- column: unanswered_in_company | questions | unknown | 有人在场却没人回答 | of these, answered by nobody
SELECT
  o.group_key,
  COUNT(a.source_id) AS questions_90d,
  COUNT(CASE WHEN a.helped_at IS NULL AND a.staff_at IS NULL THEN a.source_id END) AS unanswered_90d,
  COUNT(a.helped_at) / CAST(NULLIF(COUNT(a.source_id), 0) AS DOUBLE) AS answered_share_90d,
  COUNT(CASE WHEN d.speakers >= $company THEN a.source_id END) AS asked_in_company,
  COUNT(CASE WHEN d.speakers >= $company AND a.helped_at IS NULL AND a.staff_at IS NULL THEN a.source_id END)
    AS unanswered_in_company
FROM own_days AS o
LEFT JOIN (
  SELECT group_key, day, source_id, COALESCE(member_at, inferred_at) AS helped_at, staff_at
  FROM answered
  WHERE is_question
) AS a
  ON o.group_key = a.group_key AND a.day BETWEEN o.close_from AND o.last_day
LEFT JOIN group_days AS d ON a.group_key = d.group_key AND a.day = d.day
WHERE NOT o.close_from IS NULL
GROUP BY o.group_key
