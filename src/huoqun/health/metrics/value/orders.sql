-- name: bought
-- zh: 不说话的人也在买
-- en: Buyers, silent ones among them
-- per: group
-- needs: orders, buyers, person_days, roster
-- method: A21 A23 L15
-- source: history: orders of people who are not house in the last 90 days up to the as-of day (not the group's last talk: who says nothing may buy). Unknown where no order of the group was ever reported
-- formula: silent buyers = buyers without a message in the same 90 days; share of members = buyers / members known (buyers included); amount in the currency's smallest unit, whatever the currency
-- definition_en: How many bought, how many of them say nothing, and for how much: silence is not worthlessness.
-- definition_zh: 最近 90 天多少人下单，其中多少人一句话都没说，金额多少：不说话不等于没价值。
-- column: buyers_90d | people | unknown | 近 90 天下单人数 | buyers
-- column: silent_buyers_90d | people | unknown | 其中没说过话的 | of these, silent
-- column: orders_90d | orders | unknown | 近 90 天订单数 | orders
-- column: order_amount_90d | smallest unit | unknown | 近 90 天订单金额（最小货币单位） | amount of the orders
-- column: buyers_share | fraction | unknown | 下单人数占成员 | buyers among members
-- column: buyers_silent_share | fraction | unknown | 下单的人里没说过话的占比 | silent among buyers
SELECT
  k.group_key,
  COUNT(b.person_key) AS buyers_90d,
  COUNT(CASE WHEN d.person_key IS NULL THEN b.person_key END) AS silent_buyers_90d,
  CAST(COALESCE(SUM(b.orders), 0) AS BIGINT) AS orders_90d,
  CAST(COALESCE(SUM(b.amount), 0) AS BIGINT) AS order_amount_90d,
  COUNT(b.person_key) / CAST(NULLIF(MAX(r.members), 0) AS DOUBLE) AS buyers_share,
  COUNT(CASE WHEN d.person_key IS NULL THEN b.person_key END) / CAST(NULLIF(COUNT(b.person_key), 0) AS DOUBLE) AS buyers_silent_share
FROM (SELECT DISTINCT group_key FROM orders WHERE day <= $as_of) AS k
LEFT JOIN buyers AS b ON k.group_key = b.group_key
LEFT JOIN (SELECT DISTINCT group_key, person_key FROM person_days WHERE day > $as_of - $role_days) AS d
  ON b.group_key = d.group_key AND b.person_key = d.person_key
LEFT JOIN (
  SELECT group_key, COUNT(*) AS members
  FROM (
    SELECT group_key, person_key FROM roster
    UNION
    SELECT group_key, person_key FROM buyers
  ) AS known
  GROUP BY group_key
) AS r
  ON k.group_key = r.group_key
GROUP BY k.group_key
