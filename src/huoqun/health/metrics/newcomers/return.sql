-- name: return
-- zh: 被回应与没被回应的新人会不会再来
-- en: Return after being answered or not
-- per: group
-- needs: newcomers, move_coverage
-- method: A25 F23
-- source: history: joins, talk, replies and mentions; unknown where the carrier reports no joins
-- formula: of newcomers whose first words are at least 7 (30) days old: share speaking again on a later day within 7 (30) days, apart for those who had a human answer and those who had none. Observational: who is answered may differ in other ways too
-- definition_en: Share of newcomers who speak again within 7 and within 30 days of their first words, with and without a human answer.
-- definition_zh: 新人第一次说话后 7 天、30 天内再次说话的比例，按是否有真人回应分开。
-- column: answered_7d | people | unknown | 满 7 天且被回应 | answered, 7 days old
-- column: answered_returned_7d | fraction | unknown | 被回应者 7 天内再说话 | answered: spoke again within 7 days
-- column: ignored_7d | people | unknown | 满 7 天且没人理 | not answered, 7 days old
-- column: ignored_returned_7d | fraction | unknown | 没人理者 7 天内再说话 | not answered: spoke again within 7 days
-- column: answered_returned_30d | fraction | unknown | 被回应者 30 天内再说话 | answered: spoke again within 30 days
-- column: ignored_returned_30d | fraction | unknown | 没人理者 30 天内再说话 | not answered: spoke again within 30 days
SELECT
  c.group_key,
  COUNT(CASE WHEN n.week AND n.answered THEN 1 END) AS answered_7d,
  AVG(CASE WHEN n.week AND n.answered THEN n.back_in_week END) AS answered_returned_7d,
  COUNT(CASE WHEN n.week AND NOT n.answered THEN 1 END) AS ignored_7d,
  AVG(CASE WHEN n.week AND NOT n.answered THEN n.back_in_week END) AS ignored_returned_7d,
  AVG(CASE WHEN n.month AND n.answered THEN n.back_in_month END) AS answered_returned_30d,
  AVG(CASE WHEN n.month AND NOT n.answered THEN n.back_in_month END) AS ignored_returned_30d
FROM move_coverage AS c
LEFT JOIN (
  SELECT
    group_key,
    spoke_day <= $as_of - 7 AS week,
    spoke_day <= $as_of - 30 AS month,
    NOT COALESCE(member_at, inferred_at, staff_at) IS NULL AS answered,
    CASE WHEN returned_day <= spoke_day + 7 THEN 1 ELSE 0 END AS back_in_week,
    CASE WHEN returned_day <= spoke_day + 30 THEN 1 ELSE 0 END AS back_in_month
  FROM newcomers
  WHERE NOT spoke_day IS NULL
) AS n
  ON c.group_key = n.group_key
WHERE c.joins_known
GROUP BY c.group_key
