-- name: all_asks
-- as: table
-- needs: spoken, arrivals
-- about: What somebody may be waiting on an answer to: questions, and a newcomer's first words of a day.
SELECT
  s.group_key,
  s.day,
  s.at_us,
  s.source_id,
  s.message_id,
  s.author_key,
  s.question,
  NOT n.source_id IS NULL AS is_first_words,
  s.next_1,
  s.next_1_at,
  s.next_2,
  s.next_2_at,
  s.next_3,
  s.next_3_at,
  s.next_4,
  s.next_4_at,
  s.next_5,
  s.next_5_at
FROM spoken AS s
LEFT JOIN (
  SELECT
    group_key,
    source_id,
    ROW_NUMBER() OVER (PARTITION BY group_key, author_key, day ORDER BY at_us, LENGTH(source_id), source_id) AS place
  FROM (
    SELECT DISTINCT p.group_key, p.author_key, p.day, p.at_us, p.source_id
    FROM spoken AS p
    INNER JOIN arrivals AS a ON p.group_key = a.group_key AND p.author_key = a.author_key
    WHERE p.is_newcomer AND p.at_us BETWEEN a.joined_at AND a.joined_at + $welcome_us
  ) AS newcomers_talk
) AS n
  ON s.group_key = n.group_key AND s.source_id = n.source_id AND n.place = 1
WHERE NOT s.question IS NULL OR NOT n.source_id IS NULL
