-- name: talk_kept
-- zh: 运营不在时还剩多少话
-- en: What talk is kept without the operators
-- per: group
-- needs: own_days, group_days, operator_days
-- method: A08 A12 A24
-- source: history: the group's last 90 days up to its own last talk; days on which a staff member or helper spoke, and days on which none did, silent days included
-- formula: members' messages on days without operators / what as many days with operators would have brought, where working days are compared with working days and Saturdays and Sundays with Saturdays and Sundays (holidays are not known). Unknown with fewer than 5 days of either
-- definition_en: How much of their usual talk members keep up on days on which no operator says anything: 1 is all of it, 0 none.
-- definition_zh: 运营一天不说话的日子里，群友还能保持平时多少发言：1 是不受影响，0 是一句都没有。
-- column: talk_kept_without_house | ratio | unknown | 运营不在时的发言保持率 | talk kept on days without operators
SELECT
  group_key,
  CASE
    WHEN SUM(with_days) >= $fewest_days AND SUM(without_days) >= $fewest_days
      THEN CAST(SUM(without_messages) AS DOUBLE) / NULLIF(ROUND(SUM(without_days * with_messages / CAST(with_days AS DOUBLE)), 6), 0)
  END AS talk_kept_without_house
FROM (
  SELECT
    o.group_key,
    SUM(CASE WHEN NOT h.day IS NULL THEN d.messages ELSE 0 END) AS with_messages,
    SUM(CASE WHEN h.day IS NULL THEN d.messages ELSE 0 END) AS without_messages,
    COUNT(h.day) AS with_days,
    -- Weekend days from the first Monday on up to a day: 1 January 1970 was a Thursday, so day + 3 counts from a Monday.
    CASE
      WHEN (d.day + 3) % 7 > 4 THEN MAX(o.weekend_days)
      ELSE MAX(o.last_day - o.first_day + 1 - o.weekend_days)
    END - COUNT(h.day) AS without_days
  FROM (
    SELECT
      group_key,
      first_day,
      last_day,
      2 * ((last_day + 3) // 7) + GREATEST(0, (last_day + 3) % 7 - 4)
      - 2 * ((first_day + 2) // 7) - GREATEST(0, (first_day + 2) % 7 - 4) AS weekend_days
    FROM own_days
  ) AS o
  INNER JOIN group_days AS d ON o.group_key = d.group_key AND d.day BETWEEN o.first_day AND o.last_day
  LEFT JOIN operator_days AS h ON d.group_key = h.group_key AND d.day = h.day
  GROUP BY o.group_key, (d.day + 3) % 7 > 4
) AS kinds_of_day
WHERE with_days > 0
GROUP BY group_key
