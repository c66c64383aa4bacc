"""One group's life, played day by day."""
