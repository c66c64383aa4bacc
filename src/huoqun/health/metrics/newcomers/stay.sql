-- name: stay
-- zh: 新人留存
-- en: Newcomers still there
-- per: group
-- needs: newcomers, move_coverage
-- method: F23
-- source: history: joins and leaves; unknown where the carrier reports either not
-- formula: of those who joined at least k days ago, the share not gone k days after joining (k = 1, 7, 30)
-- definition_en: Share of newcomers still in the group 1, 7 and 30 days after joining.
-- definition_zh: 入群 1 天、7 天、30 天后仍在群里的新人比例。
-- column: stayed_1d | fraction | unknown | 1 日留存 | still there after 1 day
-- column: stayed_7d | fraction | unknown | 7 日留存 | still there after 7 days
-- column: stayed_30d | fraction | unknown | 30 日留存 | still there after 30 days
SELECT
  c.group_key,
  AVG(CASE WHEN n.joined_day <= $as_of - 1 THEN n.still_1d END) AS stayed_1d,
  AVG(CASE WHEN n.joined_day <= $as_of - 7 THEN n.still_7d END) AS stayed_7d,
  AVG(CASE WHEN n.joined_day <= $as_of - 30 THEN n.still_30d END) AS stayed_30d
FROM move_coverage AS c
LEFT JOIN (
  SELECT
    group_key,
    joined_day,
    CASE WHEN left_at < joined_at + 1 * $day_us THEN 0 ELSE 1 END AS still_1d,
    CASE WHEN left_at < joined_at + 7 * $day_us THEN 0 ELSE 1 END AS still_7d,
    CASE WHEN left_at < joined_at + 30 * $day_us THEN 0 ELSE 1 END AS still_30d
  FROM newcomers
) AS n
  ON c.group_key = n.group_key
WHERE c.joins_known AND c.leaves_known
GROUP BY c.group_key
