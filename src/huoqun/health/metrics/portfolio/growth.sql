-- name: portfolio_growth
-- zh: 全部群的进出
-- en: Joins and leaves over all groups
-- per: portfolio
-- needs: group_days, move_coverage
-- method: A20
-- source: history: joins and leaves of people who are not house, in groups whose carrier reports them
-- formula: counts in the last 30 days; unknown where no group's carrier ever reported one
-- definition_en: Joins and leaves over all groups in the last 30 days, and for how many groups they are known.
-- definition_zh: 全部群最近 30 天的入群、退群人数，以及多少个群有这类数据。
-- column: joins_30d | people | unknown | 近 30 天入群 | joins in the last 30 days
-- column: leaves_30d | people | unknown | 近 30 天退群 | leaves in the last 30 days
-- column: joins_known_groups | groups | 0 | 有入群数据的群 | groups with joins known
-- column: leaves_known_groups | groups | 0 | 有退群数据的群 | groups with leaves known
SELECT
  CASE WHEN k.joins_known_groups > 0 THEN COALESCE(d.joins, 0) END AS joins_30d,
  CASE WHEN k.leaves_known_groups > 0 THEN COALESCE(d.leaves, 0) END AS leaves_30d,
  k.joins_known_groups,
  k.leaves_known_groups
FROM (
  SELECT
    COUNT(CASE WHEN joins_known THEN 1 END) AS joins_known_groups,
    COUNT(CASE WHEN leaves_known THEN 1 END) AS leaves_known_groups
  FROM move_coverage
) AS k
CROSS JOIN (
  SELECT CAST(SUM(joins) AS BIGINT) AS joins, CAST(SUM(leaves) AS BIGINT) AS leaves
  FROM group_days
  WHERE day > $as_of - $recent_days
) AS d
