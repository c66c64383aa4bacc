-- name: linked_groups
-- as: table
-- needs: tie_window
-- about: Groups whose last messages the linker has read: how many, and how certain its choices are on average. Empty until then.
SELECT group_key, messages AS read_messages, CAST(0 AS DOUBLE) AS certainty
FROM tie_window
WHERE group_key IS NULL
