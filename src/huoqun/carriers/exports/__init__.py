"""Chat history from files. One module a format in `formats/`; `reading` recognises and reads."""
