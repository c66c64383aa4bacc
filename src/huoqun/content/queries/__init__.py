"""Reads, for this room and the floors above."""
