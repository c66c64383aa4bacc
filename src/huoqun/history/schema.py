"""The columns of the history table. One row is one thing that happened in one group; nothing is ever edited."""

from __future__ import annotations

import pyarrow as pa

from huoqun.vocabulary.events import MessageKind

SCHEMA = pa.schema(
    [
        ("community", pa.string()),
        ("carrier", pa.string()),
        ("account", pa.string()),
        ("month", pa.string()),
        ("group_key", pa.int64()),
        ("source_id", pa.string()),
        ("kind", pa.string()),
        ("sent_at", pa.timestamp("us", "UTC")),
        ("author_key", pa.int64()),
        ("message_id", pa.string()),
        ("text", pa.string()),
        ("reply_to", pa.string()),
        ("reply_to_author", pa.int64()),
        ("mentions", pa.list_(pa.int64())),
        ("topic", pa.string()),
        ("other_key", pa.int64()),
        ("detail", pa.string()),
        ("import_id", pa.int64()),
    ]
)

PARTITIONS = ("community", "month")
FILE_SCHEMA = pa.schema([field for field in SCHEMA if field.name not in PARTITIONS])
"""What stands inside a data file: the partition columns are the names of its folders and stand in the table's log."""

ALWAYS_SAID = ("community", "carrier", "account", "month", "group_key", "source_id", "kind", "sent_at")
"""Columns without which a row means nothing; a table with a null in one of them is refused."""

TALK_KINDS = frozenset(kind.value for kind in MessageKind)
"""The kinds that count as talk. Every other kind is something that happened to the group or its members."""

JOIN, LEAVE, RENAME, RECALL, CLAIM = "join", "leave", "rename", "recall", "claim"
NOTICE, GROUP_CREATED, GROUP_RENAMED, OWNER, ORDER = "notice", "group_created", "group_renamed", "owner", "order"
GROUP_DISSOLVED = "group_dissolved"
OTHER_KINDS = frozenset(
    {JOIN, LEAVE, RENAME, RECALL, CLAIM, NOTICE, GROUP_CREATED, GROUP_RENAMED, GROUP_DISSOLVED, OWNER, ORDER}
)
