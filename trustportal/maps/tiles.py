"""Pictures of a tile server under a map, where the settings name one. Source: the "slippy map" names of tiles,
https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames."""

import math
from dataclasses import dataclass

from trustportal.maps.drawing import Frame

SIDE = 256  # pixels
MOST_ZOOM = 18


@dataclass(frozen=True)
class Tile:
    """One picture: its address, and where it lies on the paper."""

    href: str
    x: str
    y: str
    side: str


def tiles_of(frame: Frame, address: str) -> list[Tile]:
    """The pictures under a window, from an address with {z}, {x} and {y} in it."""
    zoom = max(0, min(MOST_ZOOM, round(math.log2(frame.scale / SIDE))))
    across = 2**zoom
    side = frame.scale / across
    columns = range(max(0, math.floor(frame.box.left * across)), min(across, math.ceil(frame.box.right * across)))
    rows = range(max(0, math.floor(frame.box.top * across)), min(across, math.ceil(frame.box.bottom * across)))
    return [
        Tile(
            address.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row)),
            f"{(column / across - frame.box.left) * frame.scale:.2f}",
            f"{(row / across - frame.box.top) * frame.scale:.2f}",
            f"{side:.2f}",
        )
        for row in rows
        for column in columns
    ]
