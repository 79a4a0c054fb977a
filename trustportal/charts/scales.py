"""The numbers that stand beside a chart: round ones that span what it shows."""

import math

NO_MORE_THAN_NOISE = 1e-9  # of the size of the values: a difference that no scale shows
NOTHING = 1e-290  # smaller numbers cannot be divided further
TICKS = 5  # about so many lines across
STEPS = (1, 2, 2.5, 5, 10)
WHOLE_STEPS = (1, 2, 5)
FROM_THE_FIRST = 10  # places: down to this one the scale begins with the first


def ticks_for(low: float, high: float) -> list[float]:
    """Round numbers that span two values, about TICKS of them. Equal values get room around them."""
    largest = max(abs(low), abs(high))
    if largest < NOTHING:
        low, high = -0.5, 0.5
    elif high - low <= largest * NO_MORE_THAN_NOISE:
        low, high = low - largest / 2, high + largest / 2
    rough = (high - low) / TICKS
    power = 10 ** math.floor(math.log10(rough))
    step = next(one * power for one in STEPS if one * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * at for at in range(first, last + 1)]


def places_for(best: float, worst: float) -> list[float]:
    """Whole places that span two, about TICKS of them; from the first place on where that is not far."""
    first, last = math.floor(best), math.ceil(worst)
    if last <= FROM_THE_FIRST:
        first = min(first, 1)
    if first == last:
        last += 1
    step = next(
        one * 10**power for power in range(20) for one in WHOLE_STEPS if one * 10**power * TICKS >= last - first
    )
    return [float(place) for place in range(first, last + step, step)]
