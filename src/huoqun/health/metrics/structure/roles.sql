-- name: roles
-- zh: 角色
-- en: Roles
-- per: person
-- needs: role_window, group_days, talk_groups
-- method: C17 C18 C19 C20 C21
-- source: history: the last 90 days of the group's own talk, people who are not house. Who said nothing in them is a lurker and has no row
-- formula: level = own messages / mean messages of a speaker. Heavy: level of 3 or more and at least 5 messages. Chatterbox: heavy, and either the one who says most at a level of 5 or more with fewer than half of the messages addressed to somebody (a reply or a mention), or with fewer than every sixth; where nobody in the group ever replies to or mentions anybody: heavy on fewer than half of the talk days. Co-builder: heavy otherwise. Active: level of 0.6 or more and at least 3 messages. Onlooker: spoke, but less
-- definition_en: What part each speaker plays: co-builder, chatterbox, active, onlooker, with the figures it follows from.
-- definition_zh: 每个说话的人在群里的角色：共建成员、话痨、活跃分子、围观群众，并给出依据。
-- column: person_key | id | unknown | 人 | person
-- column: role | word | unknown | 角色 | role
-- column: reason | word | unknown | 依据 | reason
-- column: messages | messages | 0 | 消息数 | messages
-- column: days | days | 0 | 说话天数 | days with talk
-- column: replies | messages | 0 | 回应或点名别人的消息 | messages addressed to somebody
-- column: share | fraction | unknown | 占全群发言 | share of the group's talk
-- column: last_at | moment | unknown | 最近发言 | last message
SELECT
  group_key,
  person_key,
  CASE
    WHEN heavy AND (says_most OR NOT answers) THEN 'chatterbox'
    WHEN heavy THEN 'co_builder'
    WHEN level >= 0.6 AND messages >= 3 THEN 'active'
    ELSE 'onlooker'
  END AS role,
  CASE
    WHEN heavy AND says_most THEN 'says_by_far_the_most'
    WHEN heavy AND NOT answers THEN 'says_most_answers_few'
    WHEN heavy AND express THEN 'carries_and_answers'
    WHEN heavy THEN 'carries_most_days'
    WHEN level >= 0.6 AND messages >= 3 THEN 'says_more_than_most'
    ELSE 'says_little'
  END AS reason,
  messages,
  days,
  replies,
  messages / CAST(total AS DOUBLE) AS share,
  last_at
FROM (
  SELECT
    *,
    level >= 3 AND messages >= 5 AS heavy,
    express AND place = 1 AND level >= 5 AND 2 * replies < messages AS says_most,
    CASE WHEN express THEN 6 * replies >= messages ELSE 2 * days >= group_days END AS answers
  FROM (
    SELECT
      w.group_key,
      w.person_key,
      w.messages,
      w.days,
      w.replies,
      w.total,
      w.last_at,
      w.place,
      w.messages * w.speakers / CAST(w.total AS DOUBLE) AS level,
      t.window_days AS group_days,
      SUM(w.replies) OVER (PARTITION BY w.group_key) > 0 AS express
    FROM role_window AS w
    INNER JOIN (
      SELECT d.group_key, COUNT(*) AS window_days
      FROM group_days AS d
      INNER JOIN talk_groups AS g ON d.group_key = g.group_key
      WHERE d.messages > 0 AND d.day > g.last_day - $role_days
      GROUP BY d.group_key
    ) AS t
      ON w.group_key = t.group_key
  ) AS measured
) AS judged
