"""`manage.py import_ods`: keeps partners in step with the NHS Organisation Data Service."""

import argparse
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from partnerships.models import Organisation
from partnerships.ods import Effect, Judged, Reconciler, kind_of, may_add
from partnerships.ods_files import Gathered, gather
from trustportal.accounts.models import User
from trustportal.importing.cells import Unreadable
from trustportal.importing.ods.downloads import Download, opened
from trustportal.publishing import workflow


class Command(BaseCommand):
    """Says what differs; with --apply, puts it into changes that an editor reads and publishes."""

    help = (
        "Compares partners with downloads of the NHS Organisation Data Service: CSV files (etr.csv, ect.csv, eccg.csv, "
        "succ.csv and their like), FHIR Bundles of organisations in JSON, or zips of them. Says what differs for each "
        "partner with such a code, and changes nothing unless told to. Nothing that an editor wrote is overwritten."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="file", help="The files, organisations and others.")
        parser.add_argument(
            "--apply", action="store_true", help="Put what differs into changes, for an editor to read."
        )
        parser.add_argument("--by", metavar="USERNAME", help="Who proposes it, and so cannot publish it alone.")
        parser.add_argument(
            "--add", metavar="CODE", action="append", default=[], help="Draft this partner; repeatable."
        )
        parser.add_argument(
            "--kind", choices=Organisation.Kind.values, help="Of what kind are those added, where the file is silent."
        )
        parser.add_argument("--again", action="store_true", help="Propose what was proposed before and not taken up.")

    def handle(self, *args: object, **options: object) -> None:
        by = self.person(options["by"])
        if options["apply"] and by is None:
            raise CommandError("With --apply, say who proposes the changes: --by USERNAME.")
        codes = list(dict.fromkeys(code.strip().upper() for code in options["add"]))
        if by and codes and not may_add(by):
            raise CommandError(f"{by.username} may not add organisations.")
        with ExitStack() as stack:
            gathered = self.gathered(stack, options["files"], codes)
            to_add = self.kinds(gathered, codes, options["kind"])
            reconciler = Reconciler(gathered, by, again=options["again"])
            if options["apply"]:
                self.apply(reconciler, to_add)
            else:
                self.show(reconciler, to_add)

    def person(self, username: str | None) -> User | None:
        """Who proposes, if anybody is named."""
        if not username:
            return None
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody with the user name “{username}” works here.")
        if not workflow.may(person, "change", Organisation):
            raise CommandError(f"{username} may not change organisations.")
        return person

    def gathered(self, stack: ExitStack, paths: list[Path], codes: list[str]) -> Gathered:
        """What the files say. Where a line cannot be read, all are refused."""
        downloads: list[Download] = []
        for path in paths:
            try:
                downloads += stack.enter_context(opened(path))
            except OSError as error:
                raise CommandError(f"{path} cannot be opened: {error.strerror}.") from error
            except Unreadable as error:
                raise CommandError(f"{path}: {error}") from error
        try:
            gathered = gather(downloads, codes)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        for name, fault in gathered.faults:
            column = f", column {fault.column}" if fault.column else ""
            self.stdout.write(f"{name}, {fault.at}{column}: “{fault.value}”. {fault.words}")
        if gathered.fault_count:
            more = gathered.fault_count - len(gathered.faults)
            self.stdout.write(f"And {more:,} more." if more else "")
            raise CommandError(f"Nothing was proposed: {gathered.fault_count:,} lines or entries are refused.")
        return gathered

    def kinds(self, gathered: Gathered, codes: list[str], kind: str | None) -> dict[str, Organisation.Kind]:
        """Those to add, with the kind of each."""
        to_add = {}
        for code in codes:
            if code in gathered.partners:
                self.stdout.write(f"{code} is there already.")
            elif code not in gathered.stated:
                raise CommandError(f"None of the files says what {code} is.")
            else:
                found = kind_of(gathered, code) or (Organisation.Kind(kind) if kind else None)
                if found is None:
                    raise CommandError(f"The file does not say of what kind {code} is: say it with --kind.")
                to_add[code] = found
        return to_add

    def show(self, reconciler: Reconciler, to_add: dict[str, Organisation.Kind]) -> None:
        """What --apply would do."""
        for code, kind in to_add.items():
            self.stdout.write(f"{code} {reconciler.gathered.stated[code].name}: to add as a draft ({kind.label}).")
        counts: Counter = Counter()
        for judged in reconciler.judged():
            counts[judged.effect] += 1
            self.say(judged)
        self.say_counts(reconciler, counts)
        self.stdout.write("Nothing was changed. To propose it: --apply --by USERNAME.")

    def apply(self, reconciler: Reconciler, to_add: dict[str, Organisation.Kind]) -> None:
        """Add, then propose; for each organisation all or nothing."""
        counts: Counter = Counter()
        failed = 0
        for code, kind in to_add.items():
            try:
                draft = reconciler.add(code, kind)
                self.stdout.write(
                    f"{code} {draft}: added as a draft ({kind.label}). Its summary is still to be written."
                )
            except workflow.REFUSALS as error:
                failed += 1
                self.stdout.write(f"{code}: not added. {error}")
        for judged in reconciler.judged():
            counts[judged.effect] += 1
            self.say(judged)
            if judged.effect is Effect.PROPOSED:
                try:
                    reconciler.propose(judged)
                except workflow.REFUSALS as error:
                    failed += 1
                    self.stdout.write(f"  not proposed: {error}")
        self.say_counts(reconciler, counts)
        if failed:
            raise CommandError(f"{failed} could not be proposed or added; nothing of those was changed.")

    def say(self, judged: Judged) -> None:
        """One partner, unless there is nothing to say of it."""
        if judged.effect is Effect.SAME:
            return
        codes = ", ".join(judged.organisation.ods_codes)
        self.stdout.write(f"{codes} {judged.organisation}: {judged.effect.value}. {judged.why_left}".rstrip())
        for proposal in judged.comparison.proposals:
            self.stdout.write(f"  propose: {proposal.words}")
        for remark in judged.comparison.remarks:
            self.stdout.write(f"  leave: {remark}")

    def say_counts(self, reconciler: Reconciler, counts: Counter) -> None:
        """How many there were of each."""
        self.stdout.write(", ".join(f"{counts[effect]} {effect.value}" for effect in Effect) + ".")
        self.stdout.write(f"{reconciler.gathered.no_partners:,} organisations in the files are no partners here.")
