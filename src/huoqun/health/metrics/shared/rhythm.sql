-- name: rhythm
-- as: table
-- needs: own_days, group_days
-- about: From which days it is read who draws whom into talk: the group's last four weeks where they hold enough, else its last months.
SELECT
  o.group_key,
  CASE
    WHEN COALESCE(SUM(CASE WHEN d.day > o.last_day - $rhythm_days THEN d.messages END), 0) >= $rhythm_messages
      THEN GREATEST(o.first_day, o.last_day - $rhythm_days + 1)
    ELSE o.first_day
  END AS first_day,
  o.last_day
FROM own_days AS o
INNER JOIN group_days AS d ON o.group_key = d.group_key AND d.day >= o.first_day
GROUP BY o.group_key, o.first_day, o.last_day
