-- name: participation
-- zh: 参与的广度
-- en: Breadth of participation
-- per: group
-- needs: group_days
-- method: A26
-- source: history: people who are not house, last 30 days
-- formula: mean and greatest number of different people speaking on a day with talk; messages a speaker and day
-- definition_en: How many different people take part on a day with talk: breadth, not volume.
-- definition_zh: 有人说话的日子里，平均有多少个不同的人参与：看广度，不看条数。
-- column: speakers_a_day | people | unknown | 日均参与人数 | people on a day with talk
-- column: most_speakers | people | unknown | 单日最多参与人数 | most people on one day
-- column: messages_a_speaker | messages | unknown | 每人每天条数 | messages a person and day
SELECT
  group_key,
  AVG(speakers) AS speakers_a_day,
  MAX(speakers) AS most_speakers,
  SUM(messages) / CAST(SUM(speakers) AS DOUBLE) AS messages_a_speaker
FROM group_days
WHERE day > $as_of - $recent_days AND messages > 0
GROUP BY group_key
