"""The only places which change this room's rows."""
