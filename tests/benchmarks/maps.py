"""How long the map takes with 10,000 made-up sites, and how large it is: part of `make bench`.

Sites all over England and programmes in all districts, made up, in a database that is thrown away. Times are
milliseconds in this process, without network and server: the median of 50 requests.
"""

import argparse
import gzip
import itertools
import random
import re
import time

from tests.benchmarks.pages import database, row

PAGES = {
    "the map of England": "/map/",
    "a region": "/map/london/",
    "a large region": "/map/south-east/",
    "a district": "/map/southwark/",
    "the surroundings of a site": "/map/sites/made-up-site-1/",
    "distances from a district": "/map/?from=Leeds",
    "the last page of the list": "/map/?from=Leeds&page=99999",
    "narrowed to a kind of programme": "/map/?kind=research",
    "the picture": "/map.svg",
    "the data": "/map.geojson",
    "a site's page, with its small map": "/sites/made-up-site-1/",
}


def make_places(records: int) -> None:
    """Make the records; spread the sites over England, and give each district programmes and sites."""
    from partnerships.models import Area, Site
    from programmes.models import Programme
    from tests import made_up
    from trustportal.maps.england import england

    made_up.make(records)
    chance = random.Random(20260729)
    districts = england().districts
    areas = Area.objects.bulk_create(Area(name=d.name, slug=d.slug, code=d.code) for d in districts)
    programmes = list(Programme.objects.all())
    Programme.areas.through.objects.all().delete()
    made_up.link(programmes, "areas", areas)
    sites = list(Site.objects.all())
    for site, (district, area) in zip(sites, itertools.cycle(zip(districts, areas, strict=True))):
        longitude, latitude = middle(district, chance)
        site.latitude, site.longitude, site.area = f"{latitude:.6f}", f"{longitude:.6f}", area
    Site.objects.bulk_update(sites, ["latitude", "longitude", "area"], batch_size=500)
    made_up.let_the_database_take_stock()


def middle(district: object, chance: random.Random) -> tuple[float, float]:
    """Longitude and latitude of a place in the box of a district."""
    from trustportal.maps.projection import unproject

    box = district.box
    return unproject((box.left + chance.random() * box.width, box.top + chance.random() * box.height))


def drawing(address: str) -> str:
    """The size of the drawing of a page, in a line."""
    from django.test import Client

    html = Client(HTTP_HOST="127.0.0.1").get(address).content.decode()
    svg = re.search(r"<svg[^>]*portal-map__drawing.*?</svg>", html, re.S)[0].encode()
    return f"{len(svg) / 1024:.1f} KB, {len(gzip.compress(svg, 6)) / 1024:.1f} KB gzipped"


def main() -> None:
    """Make the records, ask for each kind of page, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000, help="how many sites")
    records = parser.parse_args().records
    with database():
        from django.db import connection

        from trustportal.maps.england import arcs_at, england

        began = time.perf_counter()
        england()
        arcs_at(30)
        print(f"\nReading and weighing the outlines, once a process: {(time.perf_counter() - began) * 1000:.0f} ms")
        make_places(records)
        print(f"\n{connection.display_name}, {records:,} made-up sites and programmes\n")
        print(f"| {'page':46} | queries | median ms |   HTML KB | gzipped KB |")
        print(f"| {'-' * 46} | ------: | --------: | --------: | ---------: |")
        for kind, address in PAGES.items():
            print(row(kind, address).replace(f"| {address:46}", f"| {kind:46}"))
        print()
        for kind, address in list(PAGES.items())[:4]:
            print(f"The drawing of {kind}: {drawing(address)}")


if __name__ == "__main__":
    main()
