-- name: members
-- zh: 已知成员
-- en: Members known
-- per: group
-- needs: roster
-- method: A20
-- source: history: people seen joining or speaking who were not seen leaving afterwards. A carrier that lists nobody hides those who never spoke
-- formula: distinct people who are not house
-- definition_en: How many members are known as of the day.
-- definition_zh: 到统计日为止已知的成员数（见过入群或发言、之后没有见到退群）。
-- column: members | people | unknown | 已知成员数 | members known
SELECT group_key, COUNT(*) AS members
FROM roster
GROUP BY group_key
