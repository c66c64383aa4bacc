-- name: unanswered_list
-- zh: 没人回答的问题
-- en: Unanswered questions
-- per: question
-- needs: questions
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
SELECT group_key, source_id, message_id, at_us AS asked_at, author_key, question AS text
FROM (
  SELECT
    group_key,
    source_id,
    message_id,
    at_us,
    author_key,
    question,
    ROW_NUMBER() OVER (PARTITION BY group_key ORDER BY at_us DESC, LENGTH(source_id) DESC, source_id DESC) AS place
  FROM questions
  WHERE helped_at IS NULL AND staff_at IS NULL
) AS silent
WHERE place <= $listed
