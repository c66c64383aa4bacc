-- name: packet_days
-- as: table
-- needs: own_days, packets
-- about: Days with red packets in each group's last months: how many, and the half hours within three hours after them, up to midnight, as bits.
SELECT
  o.group_key,
  p.day,
  COUNT(*) AS packets,
  BIT_OR((CAST(63 AS BIGINT) << p.half) & 281474976710655) AS halves
FROM own_days AS o
INNER JOIN packets AS p ON o.group_key = p.group_key AND p.day BETWEEN o.close_from AND o.last_day
WHERE p.kind = 'red_packet'
GROUP BY o.group_key, p.day
