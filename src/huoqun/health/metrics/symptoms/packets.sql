-- name: packets_life
-- zh: 红包之后
-- en: Life after red packets
-- per: group
-- needs: own_days, packets, packet_days, person_days
-- method: A09
-- source: history: red packets by anybody, and messages of people who are not house, in the group's last 90 days up to its own last talk, as far back as history is kept message by message (97 days before the as-of day); older: unknown. Unknown where no red packet was seen in any group
-- formula: members' messages in the half hour of a packet and the five after it, up to midnight / their messages in the same half hours of the days one day and one week before and after that have no packet; a person's messages of a day are spread evenly over the half hours in which they spoke. Claims are no messages
-- definition_en: How many red packets were sent, and how lively the three hours after them are against the same hours of other days: 1 is as usual.
-- definition_zh: 发了多少个红包；红包之后三小时，群友的发言是平时同一时段的几倍：1 是和平时一样，抢完就没了。
-- column: packets_90d | packets | unknown | 红包个数 | red packets
-- column: packet_life | ratio | unknown | 红包后三小时发言（相对平时） | talk in the three hours after, against usual
SELECT
  o.group_key,
  CAST(COALESCE(n.packets, 0) AS BIGINT) AS packets_90d,
  l.after / NULLIF(l.usual, 0) AS packet_life
FROM own_days AS o
CROSS JOIN (
  SELECT COUNT(*) > 0 AS known
  FROM packets
  WHERE kind = 'red_packet' AND day <= $as_of AND day > $as_of - $service_reach
) AS k
LEFT JOIN (SELECT group_key, SUM(packets) AS packets FROM packet_days GROUP BY group_key) AS n ON o.group_key = n.group_key
LEFT JOIN (
  SELECT group_key, ROUND(SUM(after), 6) AS after, ROUND(SUM(usual / other_days), 6) AS usual
  FROM (
    SELECT
      group_key,
      day,
      SUM(CASE WHEN apart = 0 THEN talk ELSE 0 END) AS after,
      SUM(CASE WHEN apart = 0 THEN 0 ELSE talk END) AS usual,
      COUNT(CASE WHEN apart <> 0 THEN 1 END) AS other_days
    FROM (
      SELECT
        c.group_key,
        c.day,
        c.apart,
        COALESCE(SUM(d.messages * BIT_COUNT(d.halves & c.halves) / CAST(BIT_COUNT(d.halves) AS DOUBLE)), 0) AS talk
      FROM (
        SELECT p.group_key, p.day, p.halves, a.apart
        FROM packet_days AS p
        CROSS JOIN (SELECT UNNEST([-7, -1, 0, 1, 7]) AS apart) AS a
        INNER JOIN own_days AS w
          ON p.group_key = w.group_key AND p.day + a.apart >= w.close_from AND p.day + a.apart <= w.last_day
        LEFT JOIN packet_days AS q ON p.group_key = q.group_key AND q.day = p.day + a.apart
        WHERE a.apart = 0 OR q.day IS NULL
      ) AS c
      LEFT JOIN person_days AS d ON c.group_key = d.group_key AND d.day = c.day + c.apart
      GROUP BY c.group_key, c.day, c.apart
    ) AS talked
    GROUP BY group_key, day
  ) AS compared
  WHERE other_days > 0
  GROUP BY group_key
) AS l
  ON o.group_key = l.group_key
WHERE k.known AND NOT o.close_from IS NULL
