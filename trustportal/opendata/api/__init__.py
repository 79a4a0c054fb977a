"""How an interface for programs is made of datasets: what it answers, how it pages, what it says when it cannot.

`Resource` is a dataset with the ways in which it can be narrowed. `endpoints` makes addresses of it, `description` the
OpenAPI document; `answering` is what all addresses have in common: methods, errors, headers.
"""

ROOT = "/api/v1/"  # the version is part of the address
MOST, USUAL = 100, 50  # records of a page
MOST_NESTED = 500  # rows of each part that stand within a record
MOST_VALUES = 20  # of one parameter
MOST_FIELDS = 100
