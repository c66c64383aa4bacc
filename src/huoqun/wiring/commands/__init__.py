"""One file a subcommand, named after it with an underscore (`import` is a word of Python)."""
