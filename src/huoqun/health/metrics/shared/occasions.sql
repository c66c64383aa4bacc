-- name: occasions
-- as: table
-- needs: operator_halves
-- about: What operators hold week after week: days with a post of theirs at a weekday and hour (an hour more or less) at which they post in at least
-- about: three weeks of four and half as often or less on other weekdays; with the half hour of the first such post, and the place in the series.
SELECT group_key, weekday, peak, day, first_half, place, times
FROM (
  SELECT
    group_key,
    weekday,
    peak,
    day,
    first_half,
    is_own,
    SUM(is_own) OVER (PARTITION BY group_key, weekday, peak ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS place,
    SUM(is_own) OVER (PARTITION BY group_key, weekday, peak) AS times,
    COUNT(*) OVER (PARTITION BY group_key, weekday, peak) AS all_days,
    MAX(CASE WHEN is_own = 1 THEN day END) OVER (PARTITION BY group_key, weekday, peak)
    - MIN(CASE WHEN is_own = 1 THEN day END) OVER (PARTITION BY group_key, weekday, peak) AS span
  FROM (
    SELECT
      c.group_key,
      c.weekday,
      c.hour AS peak,
      o.day,
      MIN(o.half) AS first_half,
      MAX(CASE WHEN o.weekday = c.weekday THEN 1 ELSE 0 END) AS is_own
    FROM (
      SELECT
        group_key,
        weekday,
        hour,
        -- The earliest of the busiest hours around stands for its series.
        100 * weeks - hour = MAX(100 * weeks - hour) OVER (
          PARTITION BY group_key, weekday ORDER BY hour RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING
        ) AS is_peak
      FROM (
        SELECT group_key, weekday, half // 2 AS hour, COUNT(DISTINCT day) AS weeks
        FROM operator_halves
        GROUP BY group_key, weekday, half // 2
      ) AS cells
    ) AS c
    INNER JOIN operator_halves AS o ON c.group_key = o.group_key AND o.half // 2 BETWEEN c.hour - 1 AND c.hour + 1
    WHERE c.is_peak
    GROUP BY c.group_key, c.weekday, c.hour, o.day
  ) AS posted
) AS in_order
WHERE is_own = 1 AND times >= $event_weeks AND 4 * times >= 3 * (span // 7 + 1) AND all_days - times <= 3 * times
