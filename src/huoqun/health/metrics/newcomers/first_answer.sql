-- name: first_answer
-- zh: 新人第一句话有没有人接
-- en: Answers to first words
-- per: group
-- needs: newcomers, move_coverage
-- method: A25 F23
-- source: history: joins, talk, replies and mentions; unknown where the carrier reports no joins
-- formula: minutes from the newcomer's first message (within 7 days of joining) to the first answer by a human, member or staff; by one of the next five messages within 10 minutes only where nobody replied or mentioned (inferred)
-- definition_en: How many newcomers' first words got a human answer, by members and by staff, and the median wait in minutes.
-- definition_zh: 新人的第一句话有多少得到真人回应（群友、自己人分开数），中位等了多少分钟。
-- column: first_words | messages | unknown | 新人第一句话 | first words of newcomers
-- column: first_words_answered | messages | unknown | 有人接话 | answered by a human
-- column: first_words_by_members | messages | unknown | 由群友接话 | answered by a member
-- column: first_words_by_staff | messages | unknown | 只有自己人接话 | answered by staff only
-- column: first_words_inferred | messages | unknown | 其中按接话推断 | of these, inferred from who spoke next
-- column: first_answer_minutes | minutes | unknown | 第一次回应的中位等待（分钟） | median minutes to the first human answer
SELECT
  c.group_key,
  COUNT(n.spoke_at) AS first_words,
  COUNT(n.first_at) AS first_words_answered,
  COUNT(COALESCE(n.member_at, n.inferred_at)) AS first_words_by_members,
  COUNT(CASE WHEN COALESCE(n.member_at, n.inferred_at) IS NULL THEN n.staff_at END) AS first_words_by_staff,
  COUNT(CASE WHEN n.member_at IS NULL THEN n.inferred_at END) AS first_words_inferred,
  MEDIAN((n.first_at - n.spoke_at) / CAST($minute_us AS DOUBLE)) AS first_answer_minutes
FROM move_coverage AS c
LEFT JOIN (
  SELECT
    group_key,
    spoke_at,
    member_at,
    inferred_at,
    staff_at,
    CASE
      WHEN staff_at IS NULL THEN COALESCE(member_at, inferred_at)
      WHEN COALESCE(member_at, inferred_at) IS NULL THEN staff_at
      ELSE LEAST(COALESCE(member_at, inferred_at), staff_at)
    END AS first_at
  FROM newcomers
) AS n
  ON c.group_key = n.group_key
WHERE c.joins_known
GROUP BY c.group_key
