"""Huoqun 活群: keep chat communities alive and make them worth something."""

__version__ = "0.1.0"
