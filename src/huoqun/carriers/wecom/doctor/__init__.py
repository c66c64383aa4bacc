"""Looks a connection over, one file a check: what was tried, what came back, what to do. No secret is ever told."""
