"""What people do: the only source of events, as changes made through the interface cause none."""
