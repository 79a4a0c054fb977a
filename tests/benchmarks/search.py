"""How long a search takes among 100,000 made-up entries: part of `make bench`.

The words have the frequencies of a language (Zipf); one word is in every record. Measured is the page's work: from what
was typed to a page of results with extracts and counts of all facets. The database is thrown away.
"""

import argparse
import itertools
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterable

from tests.benchmarks.pages import database

VOCABULARY = 30_000
WORDS_IN_A_TEXT = 110
TIMES = 60
EVERYWHERE, IN_EVERY_TITLE = "everywhere", "ubiquitous"
CONSONANTS = ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "cl", "gr", "st", "tr"]
SYLLABLES = [consonant + vowel for consonant in CONSONANTS for vowel in "aeiou"]
LETTERS = list("ndrstlmk")


def vocabulary(chance: random.Random) -> list[str]:
    """Made-up words, no two with one stem, the commonest first."""
    from trustportal.search.words import stem

    words: dict[str, str] = {}
    while len(words) < VOCABULARY:
        word = "".join(chance.choices(SYLLABLES, k=chance.choice([2, 2, 3, 3, 4]))) + chance.choice(LETTERS)
        words.setdefault(stem(word), word)
    return list(words.values())


def make_records(count: int, words: list[str], chance: random.Random) -> None:
    """So many published records, a quarter of each of four kinds, with texts of their own."""
    from django.db import connection

    from partnerships.models import Area, Organisation, Partnership, Site
    from programmes.models import Programme
    from tests import made_up

    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    each = count // 4

    def texts(length: int) -> Iterable[str]:
        while True:
            yield " ".join(chance.choices(words, cum_weights=weights, k=length))

    descriptions = (f"{EVERYWHERE} {text}." for text in texts(WORDS_IN_A_TEXT))
    names = (f"{IN_EVERY_TITLE} {text}" for text in texts(4))
    numbers = range(1, each + 1)
    areas = Area.objects.bulk_create([Area(name=f"Made-up area {n}", slug=f"made-up-area-{n}") for n in range(40)])
    trusts = made_up.published(
        Organisation, "organisation", numbers, kind=Organisation.Kind.values, place=["Anytown"],
        description=itertools.islice(descriptions, each),
    )  # fmt: skip
    leads = trusts[:50]
    partnerships = made_up.published(
        Partnership, "partnership", numbers, kind=Partnership.Kind.values, scope=Partnership.Scope.values,
        lead=leads, started_on=["2015", "2017-05", None], description=itertools.islice(descriptions, each),
    )  # fmt: skip
    programmes = made_up.published(
        Programme, "programme", numbers, kind=Programme.Kind.values, stage=["running"], lead=leads,
        started_on=["2014", "2018-05-12", None], description=itertools.islice(descriptions, each),
    )  # fmt: skip
    sites = made_up.published(
        Site, "site", numbers, kind=Site.Kind.values, organisation=leads, area=areas,
        description=itertools.islice(descriptions, each),
    )  # fmt: skip
    made_up.link(partnerships, "areas", areas)
    made_up.link(programmes, "areas", areas)
    for records in (trusts, partnerships, programmes, sites):
        table = records[0]._meta.db_table
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET name = %s WHERE id = %s",  # noqa: S608
                [(next(names), record.pk) for record in records],
            )


def measured(work: Callable[[str], object], typed: list[str], budget: float | None) -> str:
    """Do it again and again; gives median, 95th percentile, what this process worked, and whether the second is
    within the budget."""
    times, used = [], time.process_time()
    for text in itertools.islice(itertools.cycle(typed), TIMES):
        began = time.perf_counter()
        work(text)
        times.append((time.perf_counter() - began) * 1000)
    slowest = statistics.quantiles(times, n=20)[-1]
    verdict = "" if budget is None else f"{budget:5.0f} | {'yes' if slowest <= budget else 'NO'}"
    used = (time.process_time() - used) / TIMES * 1000
    return f"{statistics.median(times):9.1f} | {slowest:8.1f} | {used:8.1f} | {verdict}"


def megabytes() -> float:
    """The most memory that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def save_ms(keep: bool) -> float:
    """The median time of publishing a change's text, with or without writing its entry."""
    from django.db import transaction

    from programmes.models import Programme
    from trustportal.search.filling import fill

    times = []
    for record in Programme.objects.published().order_by("pk")[:TIMES]:
        began = time.perf_counter()
        with transaction.atomic():
            record.save()
            if keep:
                fill(Programme, [record.pk])
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many entries")
    count = parser.parse_args().records
    with database():
        from django.db import connection

        from tests import made_up
        from trustportal.search.filling import Rebuild
        from trustportal.search.models import KnownWord, SearchEntry
        from trustportal.search.searching import search
        from trustportal.search.suggesting import suggest

        chance = random.Random(20261125)
        words = vocabulary(chance)
        make_records(count, words, chance)
        made_up.let_the_database_take_stock()
        before, began, used = megabytes(), time.perf_counter(), time.process_time()
        rebuild = Rebuild()
        half = 0.0
        for written in rebuild:
            half = megabytes() if written <= count // 2 else half
        took, used = time.perf_counter() - began, time.process_time() - used
        made_up.let_the_database_take_stock()
        print(f"\n{connection.display_name}, {SearchEntry.objects.count():,} made-up entries, ", end="")
        print(f"{KnownWord.objects.count():,} words\n")
        print(f"  rebuild: {took:.0f} s (at most 60), {used:.0f} s of it worked by this process")
        print(f"  memory: {before:.0f} MB before, {half:.0f} MB halfway, {megabytes():.0f} MB at the end")
        known = KnownWord.objects.order_by("count", "word")
        rare = list(known.filter(count__lte=20, count__gte=3).values_list("word", flat=True)[:30])
        usual = words[50:80]

        def find(text: str) -> object:
            return search(text, {})

        def find_narrowed(text: str) -> object:
            return search(text, {"type": "programme", "year": "2018"})

        def find_nothing(text: str) -> object:
            return search(text, {"year": "1948"})

        both = f"{EVERYWHERE} {IN_EVERY_TITLE}"
        pairs = itertools.pairwise(usual)
        rows: list[tuple[str, Callable[[str], object], list[str], float | None]] = [
            ("a rare word", find, rare, 5),
            ("a usual word", find, usual, 60),
            ("a word in every record", find, [EVERYWHERE], 60),
            ("a word in every title", find, [IN_EVERY_TITLE], 60),
            ("the two together", find, [both], 60),
            ("in every record, with a usual word", find, [f"{EVERYWHERE} {word}" for word in usual], 60),
            ("in every record, with a rare word", find, [f"{EVERYWHERE} {word}" for word in rare], 60),
            ("in every record, narrowed by type, year", find_narrowed, [EVERYWHERE], 60),
            ("in every record, narrowed to nothing", find_nothing, [EVERYWHERE], 60),
            ("two usual words in quotes", find, [f'"{one} {other}"' for one, other in pairs], 60),
            ("the beginning of a word", find, [word[:3] for word in usual], 60),
            ("a misspelt word", find, [f"{word[:2]}{word[3:]}" for word in words[300:330]], 60),
            ("four words, nowhere together", find, [f"{both} {word} {rare[0]}" for word in rare[1:]], 60),
            ("suggestion, two letters", suggest, [word[:2] for word in usual], 25),
            ("suggestion, the word in every title", suggest, [IN_EVERY_TITLE[:n] for n in range(2, 10)], 25),
            ("suggestion, a whole word and a letter", suggest, [f"{word} {word[:2]}" for word in usual], 25),
        ]
        print(f"\n| {'search':42} | median ms |  95 % ms |  work ms | at most")
        print(f"| {'-' * 42} | --------: | -------: | -------: | -------")
        for name, work, typed, budget in rows:
            print(f"| {name:42} | {measured(work, typed, budget)}", flush=True)
        without, with_entry = save_ms(False), save_ms(True)
        print(f"\n  a save takes {with_entry - without:.1f} ms more (at most 5): {without:.1f} ms, {with_entry:.1f} ms")


if __name__ == "__main__":
    main()
