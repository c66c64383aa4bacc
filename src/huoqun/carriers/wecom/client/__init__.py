"""Calls to WeCom: one way out for everything that this carrier asks of it."""
