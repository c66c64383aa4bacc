"""What a text says, who hears it and when. Plain Python."""
