"""Lists of records that say which, how many, and how to narrow them. Knows nothing of what the records are."""
