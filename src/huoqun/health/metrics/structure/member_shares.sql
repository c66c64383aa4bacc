-- name: member_shares
-- zh: 按成员数看 1/9/90
-- en: 1/9/90 among members
-- per: group
-- needs: role_window, roster, move_coverage
-- method: C17 C18 C19 C20
-- source: history: the last 90 days of the group's own talk; members as seen in joins and talk. Unknown where the carrier reports no joins
-- formula: as shares, with the 1 % and 10 % taken of all members seen, silent ones included
-- definition_en: What share of the talk comes from the top 1 % and the next 9 % of all members, and how many members said nothing.
-- definition_zh: 全部成员里，前 1%、其后 9% 贡献了多少发言，有多少成员没有说话。
-- column: top1_member_share | fraction | unknown | 前 1% 成员的发言占比 | share of the top 1 % of members
-- column: next9_member_share | fraction | unknown | 其后 9% 成员的发言占比 | share of the next 9 % of members
-- column: rest_member_share | fraction | unknown | 其余成员的发言占比 | share of the other members
-- column: silent_members | people | unknown | 没有说话的成员 | members who said nothing
SELECT
  w.group_key,
  SUM(CASE WHEN w.place <= m.top_people THEN w.messages ELSE 0 END) / CAST(MAX(w.total) AS DOUBLE) AS top1_member_share,
  SUM(CASE WHEN w.place > m.top_people AND w.place <= m.tenth THEN w.messages ELSE 0 END)
    / CAST(MAX(w.total) AS DOUBLE) AS next9_member_share,
  SUM(CASE WHEN w.place > m.tenth THEN w.messages ELSE 0 END) / CAST(MAX(w.total) AS DOUBLE) AS rest_member_share,
  MAX(m.silent) AS silent_members
FROM role_window AS w
INNER JOIN (
  SELECT
    everybody.group_key,
    GREATEST(1, ROUND_EVEN(COUNT(*) * 0.01, 0)) AS top_people,
    GREATEST(2, ROUND_EVEN(COUNT(*) * 0.1, 0)) AS tenth,
    COUNT(CASE WHEN everybody.spoke = 0 THEN 1 END) AS silent
  FROM (
    SELECT group_key, person_key, MAX(spoke) AS spoke
    FROM (
      SELECT group_key, person_key, 1 AS spoke FROM role_window
      UNION ALL
      SELECT group_key, person_key, 0 AS spoke FROM roster
    ) AS either
    GROUP BY group_key, person_key
  ) AS everybody
  GROUP BY everybody.group_key
) AS m
  ON w.group_key = m.group_key
INNER JOIN move_coverage AS c ON w.group_key = c.group_key AND c.joins_known
GROUP BY w.group_key
