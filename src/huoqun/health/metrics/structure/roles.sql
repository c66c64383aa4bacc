-- name: roles
-- zh: 角色
-- en: Roles
-- per: person
-- needs: role_window, group_days, talk_groups
-- method: C17 C18 C19 C20 C21
-- source: history: the last 90 days of the group's own talk, people who are not house. Who said nothing in them is a lurker and has no row
-- formula: level = own messages / the mean of the other speakers' messages. Much: a level of 3 or more and at least 5 messages. Where at least one in twenty of the group's messages is addressed to somebody (a reply or a mention): chatterbox: says much, and the share of it addressed to somebody is under two thirds of the others' share; co-builder: addresses somebody at least 3 times as often as the others on average, no smaller a share than that, a level of 1 or more, at least 5 messages. Elsewhere the days tell: says much on fewer than half of the talk days is a chatterbox, on half or more a co-builder. Active: a level of 0.5 or more and at least 2 messages (or the only speaker). Onlooker: spoke, but less
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
    WHEN chats THEN 'chatterbox'
    WHEN carries THEN 'co_builder'
    WHEN says_some THEN 'active'
    ELSE 'onlooker'
  END AS role,
  CASE
    WHEN chats AND NOT express THEN 'says_much_on_few_days'
    WHEN chats AND place = 1 THEN 'says_by_far_the_most'
    WHEN chats THEN 'says_most_answers_few'
    WHEN carries AND express THEN 'carries_and_answers'
    WHEN carries THEN 'carries_most_days'
    WHEN says_some THEN 'says_more_than_most'
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
    says_much AND CASE WHEN express THEN turns_away ELSE 2 * days < group_days END AS chats,
    CASE WHEN express THEN looks_after AND NOT turns_away ELSE says_much AND 2 * days >= group_days END AS carries
  FROM (
    SELECT
      *,
      20 * all_replies >= total AS express,
      others > 0 AND messages >= 5 AND messages * other_speakers >= 3 * others AS says_much,
      messages >= 2 AND 2 * messages * other_speakers >= others AS says_some,
      3 * replies * others < 2 * messages * (all_replies - replies) AS turns_away,
      others > 0
      AND messages >= 5
      AND messages * other_speakers >= others
      AND replies * other_speakers >= 3 * (all_replies - replies) AS looks_after
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
        w.speakers - 1 AS other_speakers,
        w.total - w.messages AS others,
        t.window_days AS group_days,
        CAST(SUM(w.replies) OVER (PARTITION BY w.group_key) AS BIGINT) AS all_replies
      FROM role_window AS w
      INNER JOIN (
        SELECT d.group_key, COUNT(*) AS window_days
        FROM group_days AS d
        INNER JOIN talk_groups AS g ON d.group_key = g.group_key
        WHERE d.messages > 0 AND d.day > g.last_day - $role_days
        GROUP BY d.group_key
      ) AS t
        ON w.group_key = t.group_key
    ) AS counted
  ) AS measured
) AS judged
