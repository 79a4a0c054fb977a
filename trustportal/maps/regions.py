"""The nine regions of England, and which of the 326 districts of 2013 lie in which.

Written down by us from the codes of the Office for National Statistics, which number districts county by county: E06
are unitary authorities, E07 districts of counties, E08 metropolitan districts, E09 the boroughs of London. The codes
are those of 2013, as the outlines have them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Region:
    """A region of England: the last part of its address, its ONS code, its name."""

    slug: str
    code: str
    name: str


REGIONS = [
    Region("north-east", "E12000001", _("North East")),
    Region("north-west", "E12000002", _("North West")),
    Region("yorkshire-and-the-humber", "E12000003", _("Yorkshire and the Humber")),
    Region("east-midlands", "E12000004", _("East Midlands")),
    Region("west-midlands", "E12000005", _("West Midlands")),
    Region("east-of-england", "E12000006", _("East of England")),
    Region("london", "E12000007", _("London")),
    Region("south-east", "E12000008", _("South East")),
    Region("south-west", "E12000009", _("South West")),
]

# By region: kind of code, first and last number.
CODES = {
    "north-east": [("E06", 1, 5), ("E06", 47, 48), ("E06", 57, 57), ("E08", 20, 24), ("E08", 37, 37)],
    "north-west": [
        ("E06", 6, 9),
        ("E06", 49, 50),
        ("E07", 26, 31),  # Cumbria
        ("E07", 117, 128),  # Lancashire
        ("E08", 1, 15),  # Greater Manchester, Merseyside
    ],
    "yorkshire-and-the-humber": [
        ("E06", 10, 14),
        ("E07", 163, 169),  # North Yorkshire
        ("E08", 16, 19),  # South Yorkshire
        ("E08", 32, 36),  # West Yorkshire
    ],
    "east-midlands": [
        ("E06", 15, 18),
        ("E07", 32, 39),  # Derbyshire
        ("E07", 129, 142),  # Leicestershire, Lincolnshire
        ("E07", 150, 156),  # Northamptonshire
        ("E07", 170, 176),  # Nottinghamshire
    ],
    "west-midlands": [
        ("E06", 19, 21),
        ("E06", 51, 51),
        ("E07", 192, 199),  # Staffordshire
        ("E07", 218, 222),  # Warwickshire
        ("E07", 234, 239),  # Worcestershire
        ("E08", 25, 31),
    ],
    "east-of-england": [
        ("E06", 31, 34),
        ("E06", 55, 56),
        ("E07", 8, 12),  # Cambridgeshire
        ("E07", 66, 77),  # Essex
        ("E07", 95, 104),  # Hertfordshire
        ("E07", 143, 149),  # Norfolk
        ("E07", 200, 206),  # Suffolk
        ("E07", 240, 243),  # Hertfordshire again
    ],
    "london": [("E09", 1, 33)],
    "south-east": [
        ("E06", 35, 46),
        ("E07", 4, 7),  # Buckinghamshire
        ("E07", 61, 65),  # East Sussex
        ("E07", 84, 94),  # Hampshire
        ("E07", 105, 116),  # Kent
        ("E07", 177, 181),  # Oxfordshire
        ("E07", 207, 217),  # Surrey
        ("E07", 223, 229),  # West Sussex
    ],
    "south-west": [
        ("E06", 22, 30),
        ("E06", 52, 54),
        ("E07", 40, 53),  # Devon, Dorset
        ("E07", 78, 83),  # Gloucestershire
        ("E07", 187, 191),  # Somerset
    ],
}


def regions_with(code: str) -> list[str]:
    """The slugs of the regions whose table names a district's code: one, unless the table is wrong."""
    kind, number = code[:3], int(code[3:])
    return [
        slug
        for slug, ranges in CODES.items()
        if any(kind == named and first <= number <= last for named, first, last in ranges)
    ]
