"""The page of one group, a file a block: what is seen, why, what next, how sure, and who holds it together."""
