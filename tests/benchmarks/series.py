"""How long the analysis of made-up series takes, in one process: part of `make bench`."""

import datetime
import random
import time

from trustportal.charts.spc import analyse

SERIES = 10_000
POINTS = 60
FIRST = datetime.date(2020, 1, 1)


def made_up(points: int, chance: random.Random) -> list[float | None]:
    """A series that wanders around its level, with a gap now and then."""
    level = chance.uniform(0, 1000)
    return [None if chance.random() < 0.01 else round(chance.gauss(level, level / 20), 2) for _ in range(points)]


def seconds_for(series: int, points: int) -> float:
    """How long it takes to analyse so many series of so many points, each with a target and a re-basing."""
    chance = random.Random(20260729)
    dates = [FIRST + datetime.timedelta(days=day) for day in range(points)]
    all_values = [made_up(points, chance) for _ in range(series)]
    began = time.perf_counter()
    for values in all_values:
        analyse(dates, values, target=500, rebase=[dates[points // 2]])
    return time.perf_counter() - began


def main() -> None:
    """Measure, and print what was measured."""
    print(f"\nControl charts: {SERIES:,} made-up series of {POINTS} points")
    print(f"  all of them: {seconds_for(SERIES, POINTS):.2f} s")
    short, long = seconds_for(1000, POINTS), seconds_for(1000, 10 * POINTS)
    print(f"  ten times the points take {long / short:.1f} times as long")


if __name__ == "__main__":
    main()
