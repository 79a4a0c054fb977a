"""How far two places are from each other, as the crow flies."""

import math

EARTH = 6371.0088  # kilometres: its mean radius
KILOMETRES_A_MILE = 1.609344


def kilometres(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The great-circle distance of two places, each a latitude and a longitude in degrees. Source: haversine."""
    (south, west), (north, east) = (map(math.radians, first), map(math.radians, second))
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def miles(of_kilometres: float) -> float:
    """Kilometres as miles."""
    return of_kilometres / KILOMETRES_A_MILE
