"""The conversation archive: what colleagues with a licence and their customers said, read record by record."""
