"""Imports the middles of postcode districts."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from trustportal.maps.models import PostcodeDistrict
from trustportal.maps.postcodes import Middle, UnreadableDirectory, middles_of


class Command(BaseCommand):
    """All or nothing: what the file does not name is no longer there afterwards."""

    help = (
        "Imports postcode districts (SE1, LS9) from a CSV file of the ONS Postcode Directory, so that readers can see "
        "how far a site is from where they live. Reads the columns pcds (or pcd), lat and long; keeps the first part "
        "of each postcode with the mean position, and nothing else. The file takes the place of what was imported "
        "before. Licence of the directory: Open Government Licence v3.0. Contains OS data © Crown copyright and "
        "database right. Contains Royal Mail data © Royal Mail copyright and database right. Source: Office for "
        "National Statistics. "
        "Northern Ireland's postcodes (BT) have a licence of their own: leave them out unless you hold it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The CSV file with all postcodes.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be imported.")

    def handle(self, *args: object, **options: object) -> None:
        file = Path(str(options["file"]))
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                middles = middles_of(lines)
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is no text in UTF-8.") from error
        except UnreadableDirectory as error:
            raise CommandError(f"{file}: {error} Nothing was imported.") from error
        if not options["dry_run"]:
            self.store(middles)
        done = "Would import" if options["dry_run"] else "Imported"
        postcodes = sum(middle.postcodes for middle in middles)
        self.stdout.write(f"{done} {len(middles):,} postcode districts from {postcodes:,} postcodes.")

    @transaction.atomic
    def store(self, middles: list[Middle]) -> None:
        PostcodeDistrict.objects.all().delete()
        PostcodeDistrict.objects.bulk_create(
            [PostcodeDistrict(code=m.code, latitude=m.latitude, longitude=m.longitude) for m in middles],
            batch_size=1000,
        )
