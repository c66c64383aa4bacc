-- name: key_people
-- zh: 骨干走了
-- en: Key people who went
-- per: group
-- needs: own_days, talk_groups, person_days, person_moves
-- method: A08 A11
-- source: history: people who are not house, the last 150 days of the group's own talk, and leaves
-- formula: looked at 14, 30 and 60 days before the group's last talk: of the five who had said most in the 90 days before, those who left since, while the others still talked, and did not come back, or said nothing since though at their former pace they would have spoken on three days or more. The one of the three looks at which those gone had said the largest share. Unknown for a group that had talked for less than two weeks at the first of them
-- definition_en: How many of the five who carried the group went or fell silent in its last 60 days of talk, and what share of the talk had been theirs.
-- definition_zh: 撑起这个群的五个人里，在群最后 60 天的发言期内退群或不再说话的有几个，他们原来占多少发言。
-- column: key_left | people | unknown | 走掉的关键人数 | key people who went
-- column: key_left_share | fraction | unknown | 他们原来的发言占比 | their former share of talk
SELECT group_key, key_left, key_left_share
FROM (
  SELECT
    group_key,
    key_left,
    key_left_share,
    ROW_NUMBER() OVER (PARTITION BY group_key ORDER BY key_left_share DESC, look) AS place
  FROM (
    SELECT
      p.group_key,
      p.look,
      COUNT(CASE WHEN p.place <= 5 AND (p.fell_silent OR NOT g.person_key IS NULL) THEN 1 END) AS key_left,
      SUM(CASE WHEN p.place <= 5 AND (p.fell_silent OR NOT g.person_key IS NULL) THEN p.messages ELSE 0 END)
        / CAST(SUM(p.messages) AS DOUBLE) AS key_left_share
    FROM (
      SELECT
        group_key,
        person_key,
        look,
        since,
        last_at,
        messages,
        after = 0 AND days * look >= 3 * span AS fell_silent,
        ROW_NUMBER() OVER (PARTITION BY group_key, look ORDER BY messages DESC, person_key) AS place
      FROM (
        SELECT
          t.group_key,
          d.person_key,
          k.look,
          t.last_day - k.look AS since,
          MAX(d.last_at) AS last_at,
          LEAST($role_days, t.last_day - k.look - t.first_day + 1) AS span,
          SUM(CASE WHEN d.day <= t.last_day - k.look THEN d.messages ELSE 0 END) AS messages,
          COUNT(CASE WHEN d.day <= t.last_day - k.look THEN 1 END) AS days,
          COUNT(CASE WHEN d.day > t.last_day - k.look THEN 1 END) AS after
        FROM talk_groups AS t
        CROSS JOIN (SELECT UNNEST([14, 30, 60]) AS look) AS k
        INNER JOIN person_days AS d ON t.group_key = d.group_key AND d.day > t.last_day - k.look - $role_days
        WHERE t.first_day <= t.last_day - k.look - 13
        GROUP BY t.group_key, d.person_key, k.look, t.last_day, t.first_day
      ) AS counted
      WHERE messages > 0
    ) AS p
    LEFT JOIN (
      SELECT
        v.group_key,
        v.person_key,
        MAX(CASE WHEN v.kind = 'leave' THEN v.day END) AS left_day,
        MAX(CASE WHEN v.kind = 'leave' THEN v.at_us END) AS left_at
      FROM person_moves AS v
      GROUP BY v.group_key, v.person_key
      HAVING MAX(CASE WHEN v.kind = 'leave' THEN v.at_us END) > COALESCE(MAX(CASE WHEN v.kind = 'join' THEN v.at_us END), 0)
    ) AS g
      ON p.group_key = g.group_key
      AND p.person_key = g.person_key
      AND g.left_day > p.since
      AND g.left_day < p.since + p.look
      AND g.left_at > p.last_at
    GROUP BY p.group_key, p.look
  ) AS looks
) AS ranked
WHERE place = 1
