-- name: ads
-- zh: 广告
-- en: Advertising
-- per: group
-- needs: own_days, signs_seen
-- method: A13 A15
-- source: history: texts of all messages, house included, in the group's last 90 days up to its own last talk, as far back as history is kept message by message (97 days before the as-of day); older: unknown. Unknown where no message has a text
-- formula: a message is an advertisement where its text asks to be added or scanned, offers something for a price with a link, or promotes (rules.AD_PATTERN, Chinese and English; disguised spellings are mostly missed); share = advertisements / all messages; days = days with one / days from the first to the last
-- definition_en: How much of what is posted is advertising, by the house and by members, and on how many days.
-- definition_zh: 群里发的东西有多少是广告，自己人发的、群友发的各多少，有多少天在发。
-- column: ads_90d | messages | unknown | 广告条数 | advertisements
-- column: ads_share | fraction | unknown | 广告占比 | share of messages that advertise
-- column: ads_by_house | messages | unknown | 自己人发的广告 | advertisements by the house
-- column: ads_by_members | messages | unknown | 群友发的广告 | advertisements by members
-- column: ad_days | fraction | unknown | 有广告的天数占比 | share of days with an advertisement
SELECT
  o.group_key,
  CAST(SUM(s.ads) AS BIGINT) AS ads_90d,
  SUM(s.ads) / CAST(SUM(s.messages) AS DOUBLE) AS ads_share,
  CAST(SUM(CASE WHEN s.house IS NULL THEN 0 ELSE s.ads END) AS BIGINT) AS ads_by_house,
  CAST(SUM(CASE WHEN s.house IS NULL THEN s.ads ELSE 0 END) AS BIGINT) AS ads_by_members,
  COUNT(DISTINCT CASE WHEN s.ads > 0 THEN s.day END) / CAST(o.last_day - o.close_from + 1 AS DOUBLE) AS ad_days
FROM own_days AS o
INNER JOIN signs_seen AS s ON o.group_key = s.group_key
GROUP BY o.group_key, o.last_day, o.close_from
HAVING SUM(s.texts) > 0
