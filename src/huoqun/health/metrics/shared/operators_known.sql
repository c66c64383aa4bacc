-- name: operators_known
-- as: table
-- needs: house_people
-- about: One row: whether anybody is labelled staff or helper. Where nobody is, nothing can be said of dependence on them. Bots are no operators.
SELECT COUNT(CASE WHEN house <> 'bot' THEN 1 END) > 0 AS known
FROM house_people
