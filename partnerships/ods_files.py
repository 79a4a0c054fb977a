"""What is gathered from files of the NHS Organisation Data Service: as much as has to do with our partners.

The files are gone through twice, the first time to learn which codes matter. So what is kept is as large as what we
have, however large the files are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from django.utils.translation import gettext as _

from partnerships.models import OrganisationIdentifier
from trustportal.importing.cells import Unreadable
from trustportal.importing.ods.downloads import Download
from trustportal.importing.ods.names import same
from trustportal.importing.ods.statements import Fault, Followed, Stated, Statement

TOGETHER = 500  # statements whose codes are looked up together
MOST_FAULTS = 50  # that are kept to be said; the others are counted
MUST_AGREE = {"name": "name", "town": "address line 4", "closed_on": "close date"}
"""What files may not say in two ways, with the column that it is called by in messages."""
OTHERWISE_THE_FIRST = ("country", "role", "opened_on", "is_active")


@dataclass
class Gathered:
    """What files say of our partners, of those that followed them, and of those that are to be added."""

    to_add: frozenset[str] = frozenset()
    partners: dict[str, int] = field(default_factory=dict)  # the record's key, by code
    stated: dict[str, Stated] = field(default_factory=dict)
    followed: dict[str, dict[str, Followed]] = field(default_factory=dict)  # by code, then by that of the successor
    files: dict[str, Download] = field(default_factory=dict)  # which said it first, by code
    no_partners: int = 0  # organisations that are named and are none of ours
    says_what_followed: bool = False  # whether one of the files lists successors
    faults: list[tuple[str, Fault]] = field(default_factory=list)  # with the name of the file
    fault_count: int = 0

    def names(self, code: str) -> bool:
        """Whether anything is said of the organisation with a code."""
        return code in self.stated or code in self.followed

    def refuse(self, name: str, fault: Fault) -> None:
        """Keep what is wrong, or count it where there is much."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append((name, fault))


def gather(downloads: Iterable[Download], to_add: Iterable[str] = ()) -> Gathered:
    """Read all files. Where `faults` are found, nothing else of it is to be used. Raises Unreadable with the file."""
    gathered = Gathered(frozenset(to_add))
    downloads = list(downloads)
    for download in downloads:
        for some in _chunks(download):
            _learn_codes(gathered, download, some)
    wanted = gathered.to_add | set(gathered.partners)
    wanted |= {successor for rows in gathered.followed.values() for successor in rows}
    if not gathered.fault_count:
        for download in downloads:
            for some in _chunks(download):
                for said in some:
                    if isinstance(said, Stated) and said.code in wanted:
                        _keep(gathered, download, said)
    return gathered


def _chunks(download: Download) -> Iterator[list[Statement]]:
    try:
        statements = iter(download.statements())
        while some := list(islice(statements, TOGETHER)):
            yield some
    except Unreadable as error:
        raise Unreadable(f"{download.name}: {error}") from error


def _learn_codes(gathered: Gathered, download: Download, some: list[Statement]) -> None:
    codes = {said.code for said in some if not isinstance(said, Fault)}
    codes |= {said.successor for said in some if isinstance(said, Followed)}
    rows = OrganisationIdentifier.objects.of_ods(codes - set(gathered.partners))
    gathered.partners |= dict(rows.values_list("value", "organisation_id"))
    for said in some:
        if isinstance(said, Fault):
            gathered.refuse(download.name, said)
            continue
        is_ours = said.code in gathered.partners or said.code in gathered.to_add
        if isinstance(said, Stated):
            gathered.no_partners += not is_ours
            continue
        gathered.says_what_followed = True
        if is_ours:
            _keep_succession(gathered, download, said)


def _keep_succession(gathered: Gathered, download: Download, said: Followed) -> None:
    gathered.files.setdefault(said.code, download)
    rows = gathered.followed.setdefault(said.code, {})
    before = rows.setdefault(said.successor, said)
    if said.since and before.since and said.since != before.since:
        words = _("“%(code)s” is said to have followed on another day too: %(date)s.")
        words = words % {"code": said.successor, "date": before.since}
        gathered.refuse(download.name, Fault(said.at, "succession effective date", str(said.since), words))
    elif said.since:
        rows[said.successor] = said


def _keep(gathered: Gathered, download: Download, said: Stated) -> None:
    """Keep what is said of an organisation. What is said twice must agree; what one leaves open, the other fills."""
    before = gathered.stated.get(said.code)
    if before is None:
        gathered.stated[said.code] = said
        gathered.files.setdefault(said.code, download)
        return
    for name, column in MUST_AGREE.items():
        old, new = getattr(before, name), getattr(said, name)
        if old and new and not (same(old, new) if isinstance(old, str) else old == new):
            words = _("%(code)s is named twice: %(file)s, %(at)s says “%(old)s”. Leave one of the two out.")
            place = {"code": said.code, "file": gathered.files[said.code].name, "at": before.at, "old": old}
            gathered.refuse(download.name, Fault(said.at, column, str(new), words % place))
            return
    empty = {
        name: getattr(said, name) for name in (*MUST_AGREE, *OTHERWISE_THE_FIRST) if getattr(before, name) in ("", None)
    }
    gathered.stated[said.code] = replace(before, **empty)
