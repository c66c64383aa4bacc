"""The only place which changes this carrier's rows."""
