-- name: answers_given
-- zh: 有求必应
-- en: Questions answered
-- per: group
-- needs: questions
-- method: A25 F23
-- source: history: texts that ask, replies, mentions, next messages; questions of the last 30 days by people who are not house
-- formula: answered = a later message by another person that replies to it, mentions the asker within 48 hours (the latest question counts), or is one of the next five messages within 10 minutes (inferred, counted apart); bots never answer
-- definition_en: Questions asked, and how many were answered by members, by staff only, by inference only, or by nobody, with the median wait for a member's answer.
-- definition_zh: 提了多少问题；由群友回答、只有自己人回答、只能推断有人接话、没人回答的各多少；群友回答的中位等待。
-- column: questions_30d | questions | 0 | 近 30 天提问 | questions in the last 30 days
-- column: answered_by_members | questions | 0 | 群友回答 | answered by members
-- column: answered_inferred | questions | 0 | 其中按接话推断 | of these, only inferred from who spoke next
-- column: answered_by_staff | questions | 0 | 只有自己人回答 | answered by staff only
-- column: unanswered | questions | 0 | 没人回答 | answered by nobody
-- column: answered_share | fraction | unknown | 群友应答率 | share answered by members
-- column: answer_minutes | minutes | unknown | 群友回答的中位等待（分钟） | median minutes to a member's answer
-- column: staff_minutes | minutes | unknown | 自己人回答的中位等待（分钟） | median minutes to staff's answer
SELECT
  group_key,
  COUNT(*) AS questions_30d,
  COUNT(helped_at) AS answered_by_members,
  COUNT(CASE WHEN member_at IS NULL THEN inferred_at END) AS answered_inferred,
  COUNT(CASE WHEN helped_at IS NULL THEN staff_at END) AS answered_by_staff,
  COUNT(CASE WHEN helped_at IS NULL AND staff_at IS NULL THEN 1 END) AS unanswered,
  COUNT(helped_at) / CAST(COUNT(*) AS DOUBLE) AS answered_share,
  MEDIAN((helped_at - at_us) / CAST($minute_us AS DOUBLE)) AS answer_minutes,
  MEDIAN((staff_at - at_us) / CAST($minute_us AS DOUBLE)) AS staff_minutes
FROM questions
GROUP BY group_key
