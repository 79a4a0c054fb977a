"""Searching the public records: how text is cut into words, kept, looked up and put in order.

It knows nothing of the records: what each says of itself it puts into `to_search()`; see `searchable.py`.
"""
