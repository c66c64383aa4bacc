-- name: first_words_in_company
-- zh: 有人在场时的新人第一句话
-- en: First words in company
-- per: group
-- needs: newcomers, group_days, move_coverage
-- method: A25 F23
-- source: history: joins, talk, replies and mentions; unknown where the carrier reports no joins
-- formula: first words as in first_answer, said on a day on which at least 5 different members spoke; ignored = answered neither by a member, nor by inference, nor by staff
-- definition_en: Newcomers' first words on days on which people were there to answer, and how many of them found nobody.
-- definition_zh: 当天有好些人在说话时，新人说的第一句话有多少，其中多少没人接。
-- column: first_words_in_company | messages | unknown | 有人在场时的新人第一句话 | newcomers' first words in company
-- column: ignored_in_company | messages | unknown | 有人在场却没人接 | of these, answered by nobody
SELECT
  c.group_key,
  COUNT(n.spoke_at) AS first_words_in_company,
  COUNT(CASE WHEN n.member_at IS NULL AND n.inferred_at IS NULL AND n.staff_at IS NULL THEN n.spoke_at END) AS ignored_in_company
FROM move_coverage AS c
LEFT JOIN (
  SELECT w.group_key, w.spoke_at, w.member_at, w.inferred_at, w.staff_at
  FROM newcomers AS w
  INNER JOIN group_days AS d ON w.group_key = d.group_key AND w.spoke_day = d.day AND d.speakers >= $company
) AS n
  ON c.group_key = n.group_key
WHERE c.joins_known
GROUP BY c.group_key
