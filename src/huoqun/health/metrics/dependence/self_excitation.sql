-- name: self_excitation
-- zh: 群友之间的带动
-- en: How members draw one another into talk
-- per: group
-- needs: rhythm, alone_days, pulses, shadow_days
-- method: A08 A24
-- source: history: the group's last 28 days up to its own last talk where they hold 200 messages, else its last 90. Unit: a person's half hour with talk, so that several lines in a row are one. Half hours in which, or in the one before which, staff or a helper spoke are left out
-- formula: C = share of the pairs of different people on one day whose half hours are the same or adjoining; q = the same share among pairs of different days, which is what the daily rhythm alone makes; excess E = (C - q) / (1 - q) * pairs of one day / half hours; branching ratio n = 1 - 1 / sqrt(1 + 2 E) (for a self-exciting process, messages beyond chance near a message are (1 / (1 - n)^2 - 1) / 2), not below 0; times min(1, a / u), where a is the share of the members' half hours without operators and u the share of the time from 08:00 to 24:00 without them. 0 where a < u / 4 and too little is left to tell. Unknown below 50 half hours or 7 days, or where operators are nearly always there (u below 0.1)
-- definition_en: How many further people's talk each member's talk draws, without an operator and beyond the daily rhythm: 0 everybody talks by themselves or after operators only, near 1 talk feeds itself.
-- definition_zh: 去掉运营带起的和每天固定时段的，群友每说一次话平均又带动多少次：0 是各说各的或只跟着运营说，接近 1 是群友自己聊得起来。
-- column: self_excitation | ratio | unknown | 群友带动系数 | branching ratio between members
SELECT
  group_key,
  CASE
    WHEN events < $fewest_to_tell OR day_count < 7 OR free_time < 0.1 THEN NULL
    WHEN alone >= 30 AND by_clock < 1
      THEN ROUND(
        (1 - 1 / SQRT(1 + 2 * GREATEST(0, (by_day - by_clock) / (1 - by_clock) * pairs / alone)))
        * LEAST(1, alone / CAST(events AS DOUBLE) / free_time),
        6
      )
    WHEN alone < events * free_time / 4 THEN CAST(0 AS DOUBLE)
  END AS self_excitation
FROM (
  SELECT
    n.group_key,
    n.events,
    n.alone,
    n.day_count,
    n.pairs,
    (COALESCE(b.same_half, 0) + COALESCE(b.next_half, 0) - n.own_next) / CAST(NULLIF(n.apart, 0) AS DOUBLE) AS by_day,
    -- Twice the pairs, so that halves of squares stay whole: all days together, less those within one day.
    (COALESCE(t.all_close, 0) - COALESCE(b.within, 0)) / CAST(NULLIF(n.alone * n.alone - n.squares, 0) AS DOUBLE) AS by_clock,
    1 - COALESCE(s.shadowed, 0) / CAST(32 * n.span AS DOUBLE) AS free_time
  FROM (
    SELECT
      group_key,
      span,
      CAST(SUM(events) AS BIGINT) AS events,
      CAST(SUM(alone) AS BIGINT) AS alone,
      COUNT(*) AS day_count,
      CAST(SUM(alone * alone) AS BIGINT) AS squares,
      CAST(SUM(alone * (alone - 1) // 2) AS BIGINT) AS pairs,
      CAST(SUM((alone * alone - own_squares) // 2) AS BIGINT) AS apart,
      CAST(SUM(own_next) AS BIGINT) AS own_next
    FROM (
      SELECT
        a.group_key,
        a.day,
        r.last_day - r.first_day + 1 AS span,
        CAST(SUM(BIT_COUNT(a.halves)) AS BIGINT) AS events,
        CAST(SUM(BIT_COUNT(a.alone)) AS BIGINT) AS alone,
        CAST(SUM(CAST(BIT_COUNT(a.alone) AS INT) * BIT_COUNT(a.alone)) AS BIGINT) AS own_squares,
        CAST(SUM(BIT_COUNT(a.alone & (a.alone >> 1))) AS BIGINT) AS own_next
      FROM alone_days AS a
      INNER JOIN rhythm AS r ON a.group_key = r.group_key
      GROUP BY a.group_key, a.day, r.first_day, r.last_day
    ) AS of_days
    GROUP BY group_key, span
  ) AS n
  LEFT JOIN (
    SELECT
      group_key,
      CAST(SUM(people * (people - 1) // 2) AS BIGINT) AS same_half,
      CAST(SUM(people * following) AS BIGINT) AS next_half,
      CAST(SUM(people * people + 2 * people * following) AS BIGINT) AS within
    FROM (
      SELECT
        group_key,
        people,
        CASE
          WHEN LEAD(half) OVER (PARTITION BY group_key, day ORDER BY half) = half + 1
            THEN LEAD(people) OVER (PARTITION BY group_key, day ORDER BY half)
          ELSE 0
        END AS following
      FROM pulses
    ) AS in_order
    GROUP BY group_key
  ) AS b
    ON n.group_key = b.group_key
  LEFT JOIN (
    SELECT group_key, CAST(SUM(people * people + 2 * people * following) AS BIGINT) AS all_close
    FROM (
      SELECT
        group_key,
        people,
        CASE
          WHEN LEAD(half) OVER (PARTITION BY group_key ORDER BY half) = half + 1
            THEN LEAD(people) OVER (PARTITION BY group_key ORDER BY half)
          ELSE 0
        END AS following
      FROM (
        SELECT group_key, half, CAST(SUM(people) AS BIGINT) AS people
        FROM pulses
        GROUP BY group_key, half
      ) AS by_clock
    ) AS round_the_clock
    GROUP BY group_key
  ) AS t
    ON n.group_key = t.group_key
  LEFT JOIN (
    SELECT r.group_key, CAST(SUM(BIT_COUNT(d.soon & 281474976645120)) AS BIGINT) AS shadowed
    FROM rhythm AS r
    INNER JOIN shadow_days AS d ON r.group_key = d.group_key AND d.day BETWEEN r.first_day AND r.last_day
    GROUP BY r.group_key
  ) AS s
    ON n.group_key = s.group_key
) AS counted
