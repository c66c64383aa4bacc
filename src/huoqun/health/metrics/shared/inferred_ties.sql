-- name: inferred_ties
-- as: table
-- needs: said_ties
-- about: The same where people do not say whom they answer. Empty until the linker has read the talk (ties/inferred.py).
SELECT group_key, from_key, to_key, from_house, to_house, replies, mentions, inferred, certainty
FROM said_ties
WHERE group_key IS NULL
