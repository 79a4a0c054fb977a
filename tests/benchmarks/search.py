"""How long a search takes among 100,000 made-up entries: part of `make bench`.

The words have the frequencies of a language (Zipf); one word is in every record. Measured is the page's work: from what
was typed to a page of results with extracts and counts of all facets. The entries are made without records, since
making those takes longer than all that is measured; a rebuild is timed with fewer records, and saving with some of
them. "Worked" is the time that this process and, where it is on this machine, the database's were at work: what others
do on the machine meanwhile does not count in it. The database is thrown away.
"""

import argparse
import datetime
import itertools
import os
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.pages import database

VOCABULARY = 30_000
WORDS_IN_A_TEXT = 110
TIMES = 40
AT_ONCE = 5000  # entries made in one transaction
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


def texts(words: list[str], length: int, chance: random.Random) -> Iterator[str]:
    """Text after text of so many words, the first of the list the commonest."""
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    while True:
        yield " ".join(chance.choices(words, cum_weights=weights, k=length))


def make_entries(count: int, words: list[str], chance: random.Random) -> None:
    """So many entries, a quarter of each of four kinds, with texts of their own and without records behind them."""
    from django.db import transaction

    from partnerships.models import Organisation, Partnership, Site
    from programmes.models import Programme
    from tests import made_up
    from trustportal.search.filling import entry_saying
    from trustportal.search.models import KnownWord, SearchEntry, SearchText
    from trustportal.search.models.entry import EntryRow
    from trustportal.search.words import stem

    models = [Organisation, Partnership, Programme, Site]
    names, bodies = texts(words, 4, chance), texts(words, WORDS_IN_A_TEXT, chance)
    known: Counter[str] = Counter()

    def entry(number: int) -> "EntryRow":
        model = models[number % 4]
        kinds, address = model.Kind.values, f"/made-up/{number}/"
        said = SearchText(
            title=f"{IN_EVERY_TITLE} {next(names)}",
            summary=made_up.SUMMARY,
            address=address,
            updated_at=made_up.NOON + datetime.timedelta(minutes=number),
            body=(f"{EVERYWHERE} {next(bodies)}.",),
            kind=f"{model._meta.model_name}.{kinds[number % len(kinds)]}",
            scope=Partnership.Scope.values[number % 3] if model is Partnership else "",
            year=str(2000 + number % 25) if model in (Partnership, Programme) else "",
            lead_key=number % 50 + 1,
            places=(f"Made-up area {number % 40}",),
            priorities=(number % 12 + 1,) if number % 3 else (),
        )
        written, own = entry_saying(model, number, said)
        known.update(own)
        return written

    for first in range(1, count + 1, AT_ONCE):
        with transaction.atomic():
            numbers = range(first, min(first + AT_ONCE, count + 1))
            SearchEntry.objects.add(map(entry, numbers))
        say(f"{first + len(numbers) - 1:,} of {count:,} entries")
    KnownWord.objects.learn({word: (stem(word), number) for word, number in known.items()})


def make_records(count: int, words: list[str], chance: random.Random) -> None:
    """So many published records, a quarter of each of four kinds, with texts of their own."""
    from partnerships.models import Area, Organisation, Partnership, Site
    from programmes.models import Programme
    from tests import made_up

    each = count // 4
    descriptions = (f"{EVERYWHERE} {text}." for text in texts(words, WORDS_IN_A_TEXT, chance))
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
    made_up.published(
        Site,
        "site",
        numbers,
        kind=Site.Kind.values,
        organisation=leads,
        area=areas,
        description=itertools.islice(descriptions, each),
    )
    made_up.link(partnerships, "areas", areas)
    made_up.link(programmes, "areas", areas)


def say(progress: str) -> None:
    """Show how far it is, where somebody watches."""
    print(progress, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


class Worked:
    """Milliseconds that this process has worked since, and with it the database's where it is on this machine."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.server = None
        if connection.vendor == "postgresql":
            told = Path(f"/proc/{connection.connection.get_backend_pid()}/schedstat")
            self.server = told if told.exists() and os.access(told, os.R_OK) else None
        self.began = self.now()

    def now(self) -> float:
        """Since the processes began."""
        of_server = int(self.server.read_text().split()[0]) / 1e6 if self.server else 0.0
        return time.process_time() * 1000 + of_server

    def since(self) -> float:
        """Since the last time that it was asked."""
        before, self.began = self.began, self.now()
        return self.began - before


def measured(work: Callable[[str], object], typed: list[str], budget: float) -> str:
    """Do it again and again; gives the median, the 95th percentile, that of the time worked, and whether the time and
    the time worked are within the budget."""
    times, works = [], []
    worked = Worked()
    for text in itertools.islice(itertools.cycle(typed), TIMES):
        began = time.perf_counter()
        work(text)
        times.append((time.perf_counter() - began) * 1000)
        works.append(worked.since())
    slowest, most = (statistics.quantiles(numbers, n=20)[-1] for numbers in (times, works))
    verdict = "yes" if slowest <= budget else "worked" if most <= budget else "NO"
    return f"{statistics.median(times):9.1f} | {slowest:7.1f} | {most:11.1f} | {budget:7.0f} | {verdict}"


def megabytes() -> float:
    """The most memory that this process has ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def print_rebuild(sample: int) -> None:
    """How long a rebuild takes for a sample, for 100,000 at that rate, and whether it takes more memory for more."""
    from trustportal.search.filling import Rebuild

    before, half, began, worked = megabytes(), 0.0, time.perf_counter(), Worked()
    for written in Rebuild():
        half = megabytes() if written <= sample // 2 else half
    seconds, work = time.perf_counter() - began, worked.since() / 1000
    rate = 100_000 / sample
    print(f"\n  rebuild of {sample:,} records: {seconds:.1f} s, worked {work:.1f} s; for 100,000 at that rate ", end="")
    print(f"{seconds * rate:.0f} s, worked {work * rate:.0f} s (at most 60)")
    print(f"  memory: {before:.0f} MB before, {half:.0f} MB halfway, {megabytes():.0f} MB at the end")


def print_save() -> None:
    """How much longer it takes to publish a change's text since its entry is written with it."""
    from django.db import transaction

    from programmes.models import Programme
    from trustportal.search.filling import fill

    times: dict[bool, list[float]] = {True: [], False: []}
    worked: dict[bool, list[float]] = {True: [], False: []}
    clock = Worked()
    for number, record in enumerate(Programme.objects.published().order_by("pk")[: TIMES * 2]):
        fills = bool(number % 2)
        began = time.perf_counter()
        clock.since()
        with transaction.atomic():
            record.save()
            if fills:
                fill(Programme, [record])
        times[fills].append((time.perf_counter() - began) * 1000)
        worked[fills].append(clock.since())
    more, work = (statistics.median(of[True]) - statistics.median(of[False]) for of in (times, worked))
    print(f"\n  a save takes {more:.1f} ms more, worked {work:.1f} ms more (at most 5)")


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000, help="how many entries are searched")
    parser.add_argument("--records", type=int, default=4_000, help="how many records are rebuilt")
    given = parser.parse_args()
    with database():
        from django.db import connection

        from tests import made_up
        from trustportal.search.models import KnownWord, SearchEntry

        chance = random.Random(20261125)
        words = vocabulary(chance)
        make_records(given.records, words, chance)
        made_up.let_the_database_take_stock()
        print(f"\n{connection.display_name}")
        print_rebuild(given.records)
        SearchEntry.objects.all().delete()
        KnownWord.objects.all().delete()
        make_entries(given.entries, words, chance)
        made_up.let_the_database_take_stock()
        print(f"\n  among {SearchEntry.objects.count():,} made-up entries:\n")
        print_searches(words)
        print_save()


def print_searches(words: list[str]) -> None:
    """A table of searches of each kind."""
    from trustportal.search.models import KnownWord
    from trustportal.search.searching import search
    from trustportal.search.suggesting import suggest

    known = KnownWord.objects.order_by("count", "word")
    rare = list(known.filter(count__lte=20, count__gte=3).values_list("word", flat=True)[:30])
    usual, middling = words[50:80], words[1000:1030]

    def find(text: str) -> object:
        return search(text, {})

    def find_narrowed(text: str) -> object:
        return search(text, {"type": "programme", "year": "2018"})

    def find_nothing(text: str) -> object:
        return search(text, {"year": "1948"})

    both = f"{EVERYWHERE} {IN_EVERY_TITLE}"
    pairs = list(itertools.pairwise(usual))
    phrases = [f'{one} {other} "{words[0]} {words[1]}"' for one, other in pairs]
    rows: list[tuple[str, Callable[[str], object], list[str], float]] = [
        ("a rare word", find, rare, 5),
        ("a word of middle frequency", find, middling, 60),
        ("a usual word", find, usual, 60),
        ("a word in every record", find, [EVERYWHERE], 60),
        ("a word in every title", find, [IN_EVERY_TITLE], 60),
        ("the two together", find, [both], 60),
        ("in every record, with a usual word", find, [f"{EVERYWHERE} {word}" for word in usual], 60),
        ("in every record, with a rare word", find, [f"{EVERYWHERE} {word}" for word in rare], 60),
        ("in every record, narrowed by type, year", find_narrowed, [EVERYWHERE], 60),
        ("in every record, narrowed to nothing", find_nothing, [EVERYWHERE], 60),
        ("two usual words", find, [f"{one} {other}" for one, other in pairs], 60),
        ("two usual words in quotes", find, [f'"{one} {other}"' for one, other in pairs], 60),
        ("two usual words and a phrase", find, phrases, 60),
        ("the beginning of a word", find, [word[:3] for word in usual], 60),
        ("a misspelt word", find, [f"{word[:2]}{word[3:]}" for word in words[300:330]], 60),
        ("four words, nowhere together", find, [f"{both} {word} {rare[0]}" for word in rare[1:]], 60),
        ("suggestion, two letters", suggest, [word[:2] for word in usual], 25),
        ("suggestion, the word in every title", suggest, [IN_EVERY_TITLE[:n] for n in range(2, 10)], 25),
        ("suggestion, a whole word and a letter", suggest, [f"{word} {word[:2]}" for word in usual], 25),
    ]
    find(rare[-1])  # the first search of all takes longer
    print(f"| {'search':41} | median ms | 95 % ms | worked 95 % | at most |")
    print(f"| {'-' * 41} | --------: | ------: | ----------: | ------: |")
    for name, work, typed, budget in rows:
        print(f"| {name:41} | {measured(work, typed, budget)}", flush=True)


if __name__ == "__main__":
    main()
