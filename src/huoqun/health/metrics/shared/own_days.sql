-- name: own_days
-- as: table
-- needs: talk_groups
-- about: The last months of each group up to its own last talk, and from which day on they are kept message by message (null: not any more).
SELECT
  group_key,
  GREATEST(first_day, last_day - $role_days + 1) AS first_day,
  last_day,
  CASE
    WHEN last_day > $as_of - $service_reach THEN GREATEST(first_day, last_day - $role_days + 1, $as_of - $service_reach + 1)
  END AS close_from
FROM talk_groups
