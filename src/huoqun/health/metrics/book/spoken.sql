-- name: spoken
-- as: table
-- needs: said, arrivals
-- about: Talk that may wait for an answer (questions; anything by an account that joined lately), with the five messages after it;
-- about: and talk that breaks a silence.
-- about: Begins a little before the first day, so that an answer after midnight finds the question before midnight.
SELECT
  heard.group_key,
  heard.day,
  heard.at_us,
  heard.source_id,
  heard.message_id,
  heard.author_key,
  heard.question,
  COALESCE(heard.at_us - heard.before_at > $silence_us, TRUE) AS is_start,
  NOT lately.author_key IS NULL AS is_newcomer,
  heard.next_1,
  heard.next_1_at,
  heard.next_2,
  heard.next_2_at,
  heard.next_3,
  heard.next_3_at,
  heard.next_4,
  heard.next_4_at,
  heard.next_5,
  heard.next_5_at
FROM (
  SELECT
    group_key,
    day,
    at_us,
    source_id,
    message_id,
    author_key,
    question,
    LAG(at_us) OVER w AS before_at,
    LEAD(author_key, 1) OVER w AS next_1,
    LEAD(at_us, 1) OVER w AS next_1_at,
    LEAD(author_key, 2) OVER w AS next_2,
    LEAD(at_us, 2) OVER w AS next_2_at,
    LEAD(author_key, 3) OVER w AS next_3,
    LEAD(at_us, 3) OVER w AS next_3_at,
    LEAD(author_key, 4) OVER w AS next_4,
    LEAD(at_us, 4) OVER w AS next_4_at,
    LEAD(author_key, 5) OVER w AS next_5,
    LEAD(at_us, 5) OVER w AS next_5_at
  FROM (
    SELECT
      group_key,
      day,
      at_us,
      source_id,
      message_id,
      author_key,
      CASE
        WHEN sent_at < $questions_start THEN NULL
        WHEN REGEXP_MATCHES(text, '$question_pattern') THEN text
      END AS question
    FROM said
    WHERE
      kind IN ($talk_kinds)
      AND NOT author_key IS NULL
      AND sent_at >= $heard_start
      AND sent_at < $span_end
  ) AS talk
  -- One window, so that an engine sorts once. Ties within a second or minute stand in the order of the ids.
  WINDOW w AS (PARTITION BY group_key ORDER BY at_us, LENGTH(source_id), source_id)
) AS heard
LEFT JOIN (SELECT DISTINCT group_key, author_key FROM arrivals) AS lately
  ON heard.group_key = lately.group_key AND heard.author_key = lately.author_key
WHERE NOT heard.question IS NULL OR NOT lately.author_key IS NULL OR COALESCE(heard.at_us - heard.before_at > $silence_us, TRUE)
