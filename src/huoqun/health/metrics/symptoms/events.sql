-- name: events
-- zh: 每周固定活动
-- en: Weekly occasions
-- per: group
-- needs: own_days, occasions, person_days, operators_known
-- method: A10 A26
-- source: history: times of messages of staff and helpers and who spoke after them, in the group's last 90 days up to its own last talk. Unknown where nobody is labelled staff or helper
-- formula: a series = a weekday and hour (an hour more or less) with a post by an operator in at least 4 weeks and in three quarters of the weeks from the first to the last, while on other weekdays they post at that hour at most half as often. Participants = different members who spoke in the half hour of the post or the four after it, up to midnight. Trend = participants of the last third of each series' occurrences / of the first third, over all series
-- definition_en: Occasions that operators hold week after week: how many series, how often, and whether as many people still take part as in the beginning.
-- definition_zh: 运营每周固定办的活动：有几个系列、办了几次，参与人数和开头相比还剩多少。
-- column: event_series | series | unknown | 每周固定活动 | series of weekly occasions
-- column: event_trend | ratio | unknown | 活动参与趋势（后三分之一比前三分之一） | participants, last third against first third
-- column: event_occurrences | times | unknown | 活动办了几次 | occurrences
SELECT
  o.group_key,
  COUNT(DISTINCT e.series) AS event_series,
  SUM(CASE WHEN e.place > e.times - e.times // 3 THEN e.people END)
    / CAST(NULLIF(SUM(CASE WHEN e.place <= e.times // 3 THEN e.people END), 0) AS DOUBLE) AS event_trend,
  COUNT(e.series) AS event_occurrences
FROM own_days AS o
INNER JOIN operators_known AS k ON k.known
LEFT JOIN (
  SELECT c.group_key, c.weekday * 100 + c.peak AS series, c.day, c.place, c.times, COUNT(d.person_key) AS people
  FROM occasions AS c
  LEFT JOIN person_days AS d
    ON c.group_key = d.group_key AND c.day = d.day AND (d.halves & (CAST(31 AS BIGINT) << c.first_half)) <> 0
  GROUP BY c.group_key, c.weekday, c.peak, c.day, c.place, c.times
) AS e
  ON o.group_key = e.group_key
GROUP BY o.group_key
