-- name: asks
-- as: table
-- needs: all_asks
-- about: The asks of the days that are kept (the working table also holds the last minutes of the day before).
SELECT group_key, day, at_us, source_id, message_id, author_key, question, is_first_words
FROM all_asks
WHERE day >= $first_service_day
