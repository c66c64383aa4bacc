"""Two groups, two periods of one group, or two operators, side by side."""
