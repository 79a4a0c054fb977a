"""Sites and districts as GeoJSON. Source: RFC 7946."""

from functools import lru_cache
from typing import Any

from trustportal.maps.england import FEWEST_POINTS, District, arcs_at, england
from trustportal.maps.projection import unproject
from trustportal.maps.topology import Ring, points_of

LEVEL = 36  # of the outlines: a pixel of it is about 100 metres
DECIMALS = 4  # of a degree: about 10 metres


def point_of(position: tuple[float, float], **properties: object) -> dict[str, Any]:
    """Something at a latitude and a longitude."""
    latitude, longitude = position
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties,
    }


def outline_of(district: District, **properties: object) -> dict[str, Any]:
    """The outline of a district, with its ONS code and name."""
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": _polygons_of(district.code)},
        "properties": {"code": district.code, "name": district.name, **properties},
    }


@lru_cache(maxsize=512)
def _polygons_of(code: str) -> list[list[list[list[float]]]]:
    """The polygons of a district, without islands too small for the level."""
    arcs = arcs_at(LEVEL)

    def ring_of(ring: Ring) -> list[list[float]]:
        return [[round(degrees, DECIMALS) for degrees in unproject(point)] for point in points_of(ring, arcs)]

    polygons = [[ring_of(ring) for ring in polygon] for polygon in england().by_code[code].polygons]
    return [
        [ring for ring in polygon if len(ring) >= FEWEST_POINTS]
        for polygon in polygons
        if len(polygon[0]) >= FEWEST_POINTS
    ]


def feature_collection(features: list[dict[str, Any]], **about: object) -> dict[str, Any]:
    """All of them, with what is to be said about them: above all the words that their licence asks for."""
    return {"type": "FeatureCollection", **about, "features": features}
