-- name: shares
-- zh: 发言的集中程度
-- en: How talk is spread
-- per: group
-- needs: role_window
-- method: C17 C19 C20
-- source: history: the last 90 days of the group's own talk, people who are not house
-- formula: the top 1 % is rounded (halves to the even number), at least one person; the first 10 % likewise, at least two people; below 100 speakers say people, not per cent
-- definition_en: What share of the talk comes from the top 1 %, the next 9 % and the rest of those who spoke.
-- definition_zh: 说过话的人里，前 1%、其后 9%、其余人各贡献了多少发言。
-- column: speakers_90d | people | unknown | 发言人数（群内最近 90 天） | people who spoke in the group's last 90 days
-- column: top_people | people | unknown | 前 1% 是几个人 | people in the top 1 %
-- column: next_people | people | unknown | 其后 9% 是几个人 | people in the next 9 %
-- column: top1_share | fraction | unknown | 前 1% 的发言占比 | share of the top 1 %
-- column: next9_share | fraction | unknown | 其后 9% 的发言占比 | share of the next 9 %
-- column: rest_share | fraction | unknown | 其余人的发言占比 | share of the rest
-- column: top_person_share | fraction | unknown | 说得最多的一个人占比 | share of the one who says most
-- column: say_people | yes or no | unknown | 不足 100 人，按人数说 | below 100 people: say people, not per cent
SELECT
  group_key,
  MAX(speakers) AS speakers_90d,
  COUNT(CASE WHEN place <= top_people THEN 1 END) AS top_people,
  COUNT(CASE WHEN place > top_people AND place <= tenth THEN 1 END) AS next_people,
  SUM(CASE WHEN place <= top_people THEN messages ELSE 0 END) / CAST(MAX(total) AS DOUBLE) AS top1_share,
  SUM(CASE WHEN place > top_people AND place <= tenth THEN messages ELSE 0 END) / CAST(MAX(total) AS DOUBLE) AS next9_share,
  SUM(CASE WHEN place > tenth THEN messages ELSE 0 END) / CAST(MAX(total) AS DOUBLE) AS rest_share,
  SUM(CASE WHEN place = 1 THEN messages ELSE 0 END) / CAST(MAX(total) AS DOUBLE) AS top_person_share,
  MAX(speakers) < $small AS say_people
FROM (
  SELECT
    group_key,
    messages,
    place,
    speakers,
    total,
    GREATEST(1, ROUND_EVEN(speakers * 0.01, 0)) AS top_people,
    GREATEST(2, ROUND_EVEN(speakers * 0.1, 0)) AS tenth
  FROM role_window
) AS ranked
GROUP BY group_key
