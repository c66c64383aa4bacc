-- name: fakes
-- zh: 像买来的或自动的账号
-- en: Accounts that look bought or automatic
-- per: group
-- needs: roster, person_moves, person_life, signs_seen, packets, merged, house_people
-- method: A15
-- source: history: joins with their inviters, talk, and, of the last 97 days, advertisements and claims of red packets. Unknown where neither a text, an inviter nor a claim was seen. Suspicion, not proof
-- formula: among known members who are not house: (1) came at least a week ago in a burst, at least 8 within an hour by one inviter who is not house, of whom at most one in twenty ever spoke, and never spoke; or is that inviter; (2) never spoke, and at least 3 claims, each within 1.5 seconds of its packet; (3) everything they ever said is advertising, at least twice
-- definition_en: How many members look bought or automatic: dead bursts and who brought them, hands too quick for red packets, people who only advertise.
-- definition_zh: 已知成员里有多少像买来的或自动的：同一个人成批拉进来又全都不说话的、每次抢红包都快得不像人的、只发广告的。
-- column: fakes_people | people | unknown | 可疑账号数 | accounts that look fake
-- column: fakes_share | fraction | unknown | 可疑账号占比 | share of members that look fake
SELECT
  r.group_key,
  COUNT(f.person_key) AS fakes_people,
  COUNT(f.person_key) / CAST(COUNT(*) AS DOUBLE) AS fakes_share
FROM roster AS r
INNER JOIN (
  SELECT group_key FROM signs_seen WHERE texts > 0
  UNION
  SELECT group_key FROM person_moves WHERE NOT inviter_key IS NULL
  UNION
  SELECT group_key FROM packets WHERE kind = 'claim' AND day <= $as_of AND day > $as_of - $service_reach
) AS seen
  ON r.group_key = seen.group_key
LEFT JOIN (
  SELECT group_key, UNNEST([person_key, inviter_key]) AS person_key
  FROM (
    SELECT
      j.group_key,
      CASE WHEN l.person_key IS NULL THEN j.person_key END AS person_key,
      j.inviter_key,
      COUNT(*) OVER (PARTITION BY j.group_key, j.inviter_key, j.at_us // $hour_us) AS brought,
      COUNT(l.person_key) OVER (PARTITION BY j.group_key, j.inviter_key, j.at_us // $hour_us) AS spoke
    FROM (
      SELECT v.group_key, v.person_key, v.at_us, COALESCE(m.person_key, v.inviter_key) AS inviter_key
      FROM person_moves AS v
      LEFT JOIN merged AS m ON v.inviter_key = m.author_key
      LEFT JOIN house_people AS h ON h.person_key = COALESCE(m.person_key, v.inviter_key)
      WHERE v.kind = 'join' AND NOT v.inviter_key IS NULL AND v.inviter_key <> v.person_key AND h.house IS NULL
        AND v.day <= $as_of - $welcome_days
    ) AS j
    LEFT JOIN person_life AS l ON j.group_key = l.group_key AND j.person_key = l.person_key
  ) AS bursts
  WHERE brought >= $burst_joins AND 20 * spoke <= brought
  UNION
  SELECT q.group_key, q.person_key
  FROM (
    SELECT c.group_key, COALESCE(m.person_key, c.author_key) AS person_key
    FROM packets AS c
    INNER JOIN packets AS p
      ON c.group_key = p.group_key AND c.message_id = p.message_id AND p.kind = 'red_packet' AND p.at_us <= c.at_us
    LEFT JOIN merged AS m ON c.author_key = m.author_key
    WHERE c.kind = 'claim' AND c.day <= $as_of AND c.day > $as_of - $service_reach
    GROUP BY c.group_key, COALESCE(m.person_key, c.author_key)
    HAVING COUNT(*) >= $packet_claims AND MAX(c.at_us - p.at_us) <= $claim_us
  ) AS q
  LEFT JOIN person_life AS t ON q.group_key = t.group_key AND q.person_key = t.person_key
  WHERE t.person_key IS NULL
  UNION
  SELECT a.group_key, a.person_key
  FROM (SELECT group_key, person_key, SUM(ads) AS ads FROM signs_seen WHERE ads > 0 GROUP BY group_key, person_key) AS a
  INNER JOIN person_life AS t ON a.group_key = t.group_key AND a.person_key = t.person_key AND a.ads = t.messages
  WHERE a.ads >= 2
) AS f
  ON r.group_key = f.group_key AND r.person_key = f.person_key
GROUP BY r.group_key
