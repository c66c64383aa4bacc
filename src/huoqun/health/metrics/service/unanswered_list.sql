-- name: unanswered_list
-- zh: 没人回答的问题
-- en: Unanswered questions
-- per: question
-- needs: questions, asks
-- method: A25 F23
-- source: as answers_given; the last 30 days, newest first, at most 20 a group
-- formula: questions with no answer by a member, nothing taken for an answer, no answer by staff
-- definition_en: The questions nobody answered, so that somebody can.
-- definition_zh: 没人回答的问题，列出来好去回答。
-- column: source_id | id | unknown | 记录号 | record
-- column: message_id | id | unknown | 消息号 | message
-- column: asked_at | moment | unknown | 提问时间 | asked at
-- column: author_key | id | unknown | 提问者 | asked by
-- column: text | text | unknown | 内容 | text
SELECT q.group_key, q.source_id, a.message_id, q.at_us AS asked_at, a.author_key, a.question AS text
FROM (
  SELECT
    group_key,
    source_id,
    at_us,
    ROW_NUMBER() OVER (PARTITION BY group_key ORDER BY at_us DESC, LENGTH(source_id) DESC, source_id DESC) AS place
  FROM questions
  WHERE helped_at IS NULL AND staff_at IS NULL
) AS q
INNER JOIN asks AS a
  ON q.group_key = a.group_key AND q.source_id = a.source_id AND a.day > $as_of - $service_days AND a.day <= $as_of
WHERE q.place <= $listed
