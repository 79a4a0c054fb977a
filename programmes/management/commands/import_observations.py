"""Imports figures of outcome metrics from a table."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from programmes import imports
from programmes.imports import Effect
from trustportal.accounts.models import User


class Command(BaseCommand):
    """All rows or none; what is imported waits to be approved in the admin."""

    help = (
        "Imports figures from a CSV file or an Excel workbook (.xlsx) made from the template in the admin. Each row is "
        "checked first; where one is refused, none is imported. What is imported waits to be approved."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The file to import.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what each row would do.")
        parser.add_argument(
            "--by", metavar="USERNAME", help="Who enters the figures, and so cannot approve them. Nobody unless told."
        )

    def handle(self, *args: object, **options: object) -> None:
        by = None
        if options["by"]:
            by = User.objects.filter(username=options["by"], is_active=True).first()
            if by is None:
                raise CommandError(f"Nobody with the user name “{options['by']}” works here.")
        try:
            with options["file"].open("rb") as file:
                if options["dry_run"]:
                    self.say(file, by)
                    return
                self.run_import(file, by)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened: {error.strerror}.") from error
        except imports.Unreadable as error:
            raise CommandError(str(error)) from error

    def say(self, file: object, by: User | None) -> None:
        counts = dict.fromkeys(Effect, 0)
        for row in imports.check(file, by):
            counts[row.effect] += 1
            if row.faults:
                self.say_faults(row)
            else:
                self.stdout.write(f"Line {row.line}: {row.metric}, {row.period}: {row.effect.value}. {row.words}")
        self.stdout.write(self.in_words(counts))
        if counts[Effect.REFUSED]:
            raise CommandError("Nothing can be imported while a row is refused.")

    def run_import(self, file: object, by: User | None) -> None:
        try:
            report = imports.import_figures(file, by)
        except imports.Refused as refused:
            file.seek(0)
            for row in imports.check(file, by):
                self.say_faults(row)
            self.stdout.write(self.in_words(refused.args[0].counts))
            raise CommandError("Nothing was imported: rows were refused.") from refused
        except imports.Stale as error:
            raise CommandError("Nothing was imported: somebody changed figures meanwhile. Run it again.") from error
        self.stdout.write(self.in_words(report.counts))

    def say_faults(self, row: imports.Judged) -> None:
        for fault in row.faults:
            # What is wrong with a row as a whole names its line itself.
            place = f"Line {row.line}, column {fault.column}: " if fault.column else ""
            value = f"“{fault.value}”. " if fault.value and fault.value not in fault.words else ""
            self.stdout.write(f"{place}{value}{fault.words}")

    def in_words(self, counts: dict) -> str:
        return ", ".join(f"{counts[effect]} {effect.value}" for effect in Effect) + "."
