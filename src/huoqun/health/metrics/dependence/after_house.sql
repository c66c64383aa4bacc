-- name: after_house
-- zh: 跟着运营说的话
-- en: Talk after the operators
-- per: group
-- needs: own_days, person_days, shadow_days, operators_known
-- method: A08 A24
-- source: history: the group's last 90 days up to its own last talk. Unknown where nobody is labelled staff or helper
-- formula: members' messages in half hours in which, or in the four before which, staff or a helper spoke / all members' messages; a person's messages of a day are spread evenly over the half hours in which they spoke
-- definition_en: What part of the members' talk comes within two hours after an operator's message (counted in half hours).
-- definition_zh: 群友的发言里，有多少是在运营说话后两小时内说的（按半小时计）。
-- column: after_house_share | fraction | unknown | 运营说话后两小时内的发言占比 | share of talk within two hours after an operator
SELECT
  o.group_key,
  CASE
    WHEN k.known
      THEN ROUND(SUM(d.messages * BIT_COUNT(d.halves & COALESCE(s.after, 0)) / CAST(BIT_COUNT(d.halves) AS DOUBLE)), 6) / SUM(d.messages)
  END AS after_house_share
FROM own_days AS o
CROSS JOIN operators_known AS k
INNER JOIN person_days AS d ON o.group_key = d.group_key AND d.day >= o.first_day
LEFT JOIN shadow_days AS s ON d.group_key = s.group_key AND d.day = s.day
GROUP BY o.group_key, k.known
