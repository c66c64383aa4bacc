"""What may go out when, and what an answer of the carrier means. Plain Python."""
