"""Reading everybody and everything there is, a page at a time."""
