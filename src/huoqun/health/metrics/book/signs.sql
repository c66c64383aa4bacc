-- name: signs
-- as: table
-- needs: said
-- about: Advertisements, check-ins and calls to everybody, by account and day, with the time of the first advertisement or call. All other
-- about: talk of a group's day is one row without an account, so that it is known how many messages there were and how many had a text.
SELECT
  group_key,
  day,
  CASE WHEN is_sign THEN author_key END AS author_key,
  COUNT(*) AS messages,
  COUNT(has_text) AS texts,
  COUNT(CASE WHEN is_sign AND REGEXP_MATCHES(text, '$ad_pattern') THEN 1 END) AS ads,
  COUNT(
    CASE
      WHEN is_sign
      AND LENGTH(text) <= $checkin_letters
      AND REGEXP_MATCHES(text, '$checkin_pattern')
      AND NOT REGEXP_MATCHES(text, '[？?]|吗|$ad_pattern') THEN 1
    END
  ) AS checkins,
  COUNT(CASE WHEN is_sign AND REGEXP_MATCHES(text, '$call_pattern') THEN 1 END) AS calls,
  MIN(CASE WHEN is_sign AND REGEXP_MATCHES(text, '($ad_pattern)|($call_pattern)') THEN at_us END) AS first_at
FROM (
  SELECT
    group_key,
    day,
    at_us,
    author_key,
    text,
    CASE WHEN NOT text IS NULL THEN 1 END AS has_text,
    COALESCE(REGEXP_MATCHES(text, '($ad_pattern)|($checkin_pattern)|($call_pattern)'), FALSE) AS is_sign
  FROM said
  WHERE kind IN ($talk_kinds) AND NOT author_key IS NULL AND sent_at >= $service_start AND sent_at < $span_end
) AS read_through
GROUP BY group_key, day, CASE WHEN is_sign THEN author_key END
