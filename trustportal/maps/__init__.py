"""Maps of England, drawn by the portal itself: outlines, windows, markers, labels and distances.

`england-local-authorities.topo.json` has the outlines of the 326 districts of 2013, made by Martin Chorley from data of
Ordnance Survey and the Office for National Statistics (CC BY 4.0). Wherever they are shown, ATTRIBUTION is shown too.
"""

ATTRIBUTION = (
    "Boundaries: Martin Chorley (CC BY 4.0). Contains Ordnance Survey data © Crown copyright and database right 2014. "
    "Contains National Statistics data © Crown copyright and database right 2014."
)
