"""Lists of records that say which, how many, and how to narrow them. Knows nothing of what the records are.

A finder is declared as data (`facets.py`); its state stands in the address alone (`address.py`):

    /programmes/?q=dialysis&kind=research&kind=education&not-area=leeds&active=2016&sort=newest&size=50&page=2

    q                       words that are in the name or the summary, all of them
    kind=a&kind=b           a facet, by the name that the finder gives it: any of these values
    not-kind=c              none of these
    active=2016             its dates do not rule out that it ran at some time in 2016
    active-from, active-to  the same for a time with a beginning, an end, or both
    as-at=2018-04-01        the same for one day
    sort, size, page        the order, how many a page (25, 50 or 100), which page
    more=area&named=so      all values of one facet, page by page; those with "so" in their name

Different facets narrow together. The same state has one address: names in this order, values A to Z, dates as 2016,
2016-05 or 2016-05-12 whatever was typed, nothing that is empty or usual. Any other spelling is led there.

A list whose address is /programmes/ is also at /programmes.csv, .json and .atom, with the same query.

What it asks of a model: `objects.published()`, and the words of its QuerySet `for_list()`, `saying(text)`,
`leading_to(links, keys)`, `not_leading_to(links, keys)`, `pairs_by(link)` and `record_keys()`.
"""
