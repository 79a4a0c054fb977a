"""Finding records by words: one table of entries, looked up by the full-text index of either database."""
