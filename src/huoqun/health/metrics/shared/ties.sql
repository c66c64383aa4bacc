-- name: ties
-- as: view
-- needs: said_ties, inferred_ties
-- about: Who answers whom in each group's last months: said, or inferred where it is not said. `weight` counts answers, expected ones where inferred.
SELECT
  group_key,
  from_key,
  to_key,
  from_house,
  to_house,
  replies,
  mentions,
  inferred,
  certainty,
  replies + mentions + inferred AS weight
FROM said_ties
UNION ALL
SELECT
  group_key,
  from_key,
  to_key,
  from_house,
  to_house,
  replies,
  mentions,
  inferred,
  certainty,
  replies + mentions + inferred AS weight
FROM inferred_ties
