-- name: alive
-- zh: 活着的群
-- en: Groups alive
-- per: portfolio
-- needs: talk_groups
-- method: A01 A04 L18
-- source: history: groups in which somebody who is not house has spoken
-- formula: age = anchor - time of the group's last such message, where the anchor is the last such message anywhere if it falls on the as-of day, else the end of that day; alive within k days: age at most k days; silent: age over 90 days. Life = time from the first such message to the last, in whole days, rounded
-- definition_en: How many groups spoke within 7 and within 30 days, how many have been silent for more than 90, and the median life.
-- definition_zh: 7 天内、30 天内有人说话的群各占多少，沉默超过 90 天的占多少，寿命中位数。
-- column: groups | groups | 0 | 有人说过话的群 | groups with talk
-- column: alive_7d | fraction | unknown | 7 天内活着 | alive within 7 days
-- column: alive_30d | fraction | unknown | 30 天内活着 | alive within 30 days
-- column: silent_90d | fraction | unknown | 沉默超过 90 天 | silent over 90 days
-- column: alive_7d_groups | groups | 0 | 7 天内活着的群数 | groups alive within 7 days
-- column: alive_30d_groups | groups | 0 | 30 天内活着的群数 | groups alive within 30 days
-- column: silent_90d_groups | groups | 0 | 沉默超过 90 天的群数 | groups silent over 90 days
-- column: median_life_days | days | unknown | 寿命中位数（天） | median life in days
-- column: messages | messages | 0 | 累计消息数 | messages so far
SELECT
  COUNT(*) AS groups,
  AVG(CASE WHEN $anchor - last_at <= 7 * $day_us THEN 1 ELSE 0 END) AS alive_7d,
  AVG(CASE WHEN $anchor - last_at <= 30 * $day_us THEN 1 ELSE 0 END) AS alive_30d,
  AVG(CASE WHEN $anchor - last_at > 90 * $day_us THEN 1 ELSE 0 END) AS silent_90d,
  COUNT(CASE WHEN $anchor - last_at <= 7 * $day_us THEN 1 END) AS alive_7d_groups,
  COUNT(CASE WHEN $anchor - last_at <= 30 * $day_us THEN 1 END) AS alive_30d_groups,
  COUNT(CASE WHEN $anchor - last_at > 90 * $day_us THEN 1 END) AS silent_90d_groups,
  MEDIAN(ROUND((last_at - first_at) / CAST($day_us AS DOUBLE))) AS median_life_days,
  CAST(SUM(messages) AS BIGINT) AS messages
FROM talk_groups
