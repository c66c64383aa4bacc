-- name: packets
-- as: table
-- needs: marked
-- about: Red packets (`red_packet`) and who took from them (`claim`).
SELECT group_key, day, at_us, half, author_key, message_id, kind
FROM marked
WHERE kind IN ('red_packet', 'claim')
