-- name: known_groups
-- as: table
-- needs: group_days, plans
-- about: Every group there is: seen in history, or known to the community.
SELECT group_key FROM group_days
UNION
SELECT group_key FROM plans
