-- name: faces
-- zh: 新面孔与老面孔
-- en: New faces and old ones
-- per: group
-- needs: role_window, person_life, own_days, half_speakers
-- method: A11 A24 A26
-- source: history: people who are not house in the group's last 90 days up to its own last talk. Before = its first 45 days, now = its last 45
-- formula: new = first ever spoke in the group in the 30 days before its last talk / all who spoke; core kept = of the five who said most before (unknown with fewer than three), the share who spoke now; top five = share of the messages by the five who said most, each time anew
-- definition_en: Whether new people come to speak, whether those who carried the group still do, and how much the busiest five say.
-- definition_zh: 有没有新人开口；原来说得最多的五个人还在不在说；最能说的五个人占多少。
-- column: new_faces_share | fraction | unknown | 新面孔占比 | share of speakers who are new
-- column: core_kept | fraction | unknown | 核心五人留存 | share of the core who still speak
-- column: top5_share_before | fraction | unknown | 前 45 天最能说的五人占比 | share of the busiest five, before
-- column: top5_share_now | fraction | unknown | 后 45 天最能说的五人占比 | share of the busiest five, now
SELECT
  f.group_key,
  f.new_faces_share,
  CASE WHEN h.core >= 3 THEN h.kept / CAST(h.core AS DOUBLE) END AS core_kept,
  h.top5_before / CAST(NULLIF(h.all_before, 0) AS DOUBLE) AS top5_share_before,
  h.top5_now / CAST(NULLIF(h.all_now, 0) AS DOUBLE) AS top5_share_now
FROM (
  SELECT w.group_key, AVG(CASE WHEN l.first_day > o.last_day - 30 THEN 1 ELSE 0 END) AS new_faces_share
  FROM role_window AS w
  INNER JOIN own_days AS o ON w.group_key = o.group_key
  INNER JOIN person_life AS l ON w.group_key = l.group_key AND w.person_key = l.person_key
  GROUP BY w.group_key
) AS f
INNER JOIN (
  SELECT
    b.group_key,
    COUNT(CASE WHEN b.part = 1 AND b.place <= 5 THEN 1 END) AS core,
    COUNT(CASE WHEN b.part = 1 AND b.place <= 5 THEN n.person_key END) AS kept,
    SUM(CASE WHEN b.part = 1 AND b.place <= 5 THEN b.messages ELSE 0 END) AS top5_before,
    SUM(CASE WHEN b.part = 1 THEN b.messages ELSE 0 END) AS all_before,
    SUM(CASE WHEN b.part = 2 AND b.place <= 5 THEN b.messages ELSE 0 END) AS top5_now,
    SUM(CASE WHEN b.part = 2 THEN b.messages ELSE 0 END) AS all_now
  FROM half_speakers AS b
  LEFT JOIN half_speakers AS n ON b.group_key = n.group_key AND b.person_key = n.person_key AND b.part = 1 AND n.part = 2
  GROUP BY b.group_key
) AS h
  ON f.group_key = h.group_key
