"""Words by theme: data, no decisions."""
