-- name: poster_shares
-- zh: 全部群的 1/9/90
-- en: 1/9/90 over all groups
-- per: portfolio
-- needs: posters
-- method: C17
-- source: history: everybody who is not house and ever posted in any group
-- formula: the top 1 % is rounded (halves to the even number), at least one person; the first 10 % likewise, at least two people
-- definition_en: What share of all messages comes from the top 1 %, the next 9 % and the rest of all who ever posted.
-- definition_zh: 所有发过言的人里，前 1%、其后 9%、其余人各占多少发言。
-- column: posters | people | 0 | 发过言的人 | people who ever posted
-- column: top1_share | fraction | unknown | 前 1% 的发言占比 | share of the top 1 %
-- column: next9_share | fraction | unknown | 其后 9% 的发言占比 | share of the next 9 %
-- column: rest_share | fraction | unknown | 其余人的发言占比 | share of the rest
SELECT
  COUNT(*) AS posters,
  SUM(CASE WHEN place <= GREATEST(1, ROUND_EVEN(people * 0.01, 0)) THEN messages ELSE 0 END) / CAST(MAX(total) AS DOUBLE) AS top1_share,
  SUM(
    CASE
      WHEN place > GREATEST(1, ROUND_EVEN(people * 0.01, 0)) AND place <= GREATEST(2, ROUND_EVEN(people * 0.1, 0)) THEN messages
      ELSE 0
    END
  ) / CAST(MAX(total) AS DOUBLE) AS next9_share,
  SUM(CASE WHEN place > GREATEST(2, ROUND_EVEN(people * 0.1, 0)) THEN messages ELSE 0 END) / CAST(MAX(total) AS DOUBLE) AS rest_share
FROM posters
