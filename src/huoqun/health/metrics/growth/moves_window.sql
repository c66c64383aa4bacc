-- name: moves_window
-- zh: 进出
-- en: Joins and leaves
-- per: group
-- needs: group_days, move_coverage
-- method: A20
-- source: history: joins and leaves of people who are not house; each unknown where the carrier never reported one
-- formula: counts in the window and in the last 30 days; net = joins - leaves
-- definition_en: How many joined and left, in the window and in the last 30 days. Growth is not health: it stands apart.
-- definition_zh: 窗口内和最近 30 天的入群、退群人数。拉新是拉新，促活是促活，分开看。
-- column: joins | people | unknown | 窗口内入群 | joins in the window
-- column: leaves | people | unknown | 窗口内退群 | leaves in the window
-- column: joins_30d | people | unknown | 近 30 天入群 | joins in the last 30 days
-- column: leaves_30d | people | unknown | 近 30 天退群 | leaves in the last 30 days
-- column: net_30d | people | unknown | 近 30 天净增 | net growth in the last 30 days
SELECT
  c.group_key,
  CASE WHEN c.joins_known THEN COALESCE(d.joins, 0) END AS joins,
  CASE WHEN c.leaves_known THEN COALESCE(d.leaves, 0) END AS leaves,
  CASE WHEN c.joins_known THEN COALESCE(d.joins_30d, 0) END AS joins_30d,
  CASE WHEN c.leaves_known THEN COALESCE(d.leaves_30d, 0) END AS leaves_30d,
  CASE WHEN c.joins_known AND c.leaves_known THEN COALESCE(d.joins_30d, 0) - COALESCE(d.leaves_30d, 0) END AS net_30d
FROM move_coverage AS c
LEFT JOIN (
  SELECT
    group_key,
    CAST(SUM(CASE WHEN day > $as_of - $window THEN joins ELSE 0 END) AS BIGINT) AS joins,
    CAST(SUM(CASE WHEN day > $as_of - $window THEN leaves ELSE 0 END) AS BIGINT) AS leaves,
    CAST(SUM(CASE WHEN day > $as_of - $recent_days THEN joins ELSE 0 END) AS BIGINT) AS joins_30d,
    CAST(SUM(CASE WHEN day > $as_of - $recent_days THEN leaves ELSE 0 END) AS BIGINT) AS leaves_30d
  FROM group_days
  WHERE day > $as_of - GREATEST($window, $recent_days)
  GROUP BY group_key
) AS d
  ON c.group_key = d.group_key
WHERE c.joins_known OR c.leaves_known
