"""The interface under /cgi-bin/: one module a section of the reference."""
