-- name: welcome
-- zh: 新人开口
-- en: Newcomers who speak
-- per: group
-- needs: newcomers, move_coverage
-- method: A25 F23
-- source: history: joins of the last 90 days and talk; unknown where the carrier reports no joins
-- formula: of those who joined at least 7 days before the as-of day, the share with a message within 7 days of joining
-- definition_en: How many joined in the last 90 days, and which share of those who have had a week spoke within it.
-- definition_zh: 最近 90 天入群多少人；入群满一周的人里有多少在一周内开过口。
-- column: newcomers_90d | people | unknown | 近 90 天入群人数 | people who joined in the last 90 days
-- column: had_a_week | people | unknown | 其中入群满一周 | of these, joined at least a week ago
-- column: spoke_within_7d | people | unknown | 一周内开口的人 | spoke within 7 days
-- column: spoke_within_7d_share | fraction | unknown | 一周内开口率 | share speaking within 7 days
SELECT
  c.group_key,
  COUNT(n.person_key) AS newcomers_90d,
  COUNT(CASE WHEN n.joined_day <= $as_of - 7 THEN 1 END) AS had_a_week,
  COUNT(CASE WHEN n.joined_day <= $as_of - 7 THEN n.spoke_at END) AS spoke_within_7d,
  COUNT(CASE WHEN n.joined_day <= $as_of - 7 THEN n.spoke_at END)
    / CAST(NULLIF(COUNT(CASE WHEN n.joined_day <= $as_of - 7 THEN 1 END), 0) AS DOUBLE) AS spoke_within_7d_share
FROM move_coverage AS c
LEFT JOIN newcomers AS n ON c.group_key = n.group_key
WHERE c.joins_known
GROUP BY c.group_key
