"""The small map on a programme's page: the districts that it serves, and its sites."""

from django.utils.translation import gettext as _

from partnerships.maps import (
    box_of_places,
    lie_of_areas,
    locator,
    map_address,
    spot_of,
)
from programmes.models import Programme
from trustportal.maps.england import england
from trustportal.maps.picture import Picture, Shade

MOST_SITES = 50


def locator_of_programme(programme: Programme) -> Picture | None:
    """A small map of where a programme works; None where nothing of that is on the map. Two queries."""
    lie, districts = lie_of_areas(), england().by_code
    codes = {code for area in programme.areas.all() for code in lie.codes.get(area.pk, ())}
    sites = Programme.objects.filter(pk=programme.pk).sites().with_position().for_markers()[:MOST_SITES]
    spots = [spot_of(site) for site in sites]
    spots = [spot for spot in spots if england().district_at(spot.longitude, spot.latitude)]
    box = box_of_places([districts[code] for code in codes], spots)
    if box is None:
        return None
    words = _("%(district)s: served by this programme")
    shades = {
        code: Shade(
            0,
            words % {"district": districts[code].name},
            map_address(districts[code].slug, f"programme={programme.slug}"),
            1,
        )
        for code in codes
    }
    return locator(spots, shades, box)
