"""What the NHS Organisation Data Service says of our partners: what differs, and what of it is put into a change.

Nothing that an editor wrote is overwritten. What is empty is filled; another name is added to the names; what the
service says otherwise is said, and left. Proposals go into working copies, which an editor reads and publishes.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partnerships.models import Organisation, OrganisationIdentifier, OrganisationName, Succession
from partnerships.ods_files import Gathered
from trustportal.accounts.models import User
from trustportal.importing.ods.names import readable, same
from trustportal.importing.ods.statements import Followed, Stated
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, FormerSlug, Part, State

TOGETHER = 100  # organisations that are read together
UNITED_KINGDOM = {"ENGLAND", "WALES", "SCOTLAND", "NORTHERN IRELAND", "UNITED KINGDOM"}
Kind = Organisation.Kind
KINDS_BY_ROLE = {"RO197": Kind.NHS_TRUST, "RO107": Kind.NHS_TRUST, "RO98": Kind.COMMISSIONER}
KINDS_BY_FILE = {"etr": Kind.NHS_TRUST, "ect": Kind.NHS_TRUST, "eccg": Kind.COMMISSIONER}


class Effect(Enum):
    """What becomes of a partner."""

    PROPOSED = "to propose"
    DIFFERS = "said otherwise and left"
    LEFT = "left alone"
    SAME = "the same"


@dataclass
class Proposal:
    """One thing that is put into a change: columns to fill, rows to save; words say it to editors and readers."""

    words: str
    fields: dict[str, object] = field(default_factory=dict)
    rows: list[Part] = field(default_factory=list)


@dataclass
class Comparison:
    """How an organisation and the service differ: what is proposed, and what is only said."""

    proposals: list[Proposal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def propose(self, words: str, *rows: Part, **fields: object) -> None:
        """Add a proposal."""
        self.proposals.append(Proposal(words, fields, list(rows)))


@dataclass
class Judged:
    """A partner, and what becomes of it."""

    organisation: Organisation
    effect: Effect
    comparison: Comparison = field(default_factory=Comparison)
    why_left: str = ""


def kind_of(gathered: Gathered, code: str) -> Organisation.Kind | None:
    """Which kind of organisation a code stands for, where the file says so."""
    stem = gathered.files[code].stem
    return KINDS_BY_ROLE.get(gathered.stated[code].role) or KINDS_BY_FILE.get(stem)


def may_add(person: User) -> bool:
    """Whether a person may add organisations: as in the admin, nobody who works for some of them alone."""
    return workflow.may(person, "add", Organisation) and person.remit is None


def agree(one: PartialDate, other: PartialDate) -> bool:
    """Whether two dates can be the same day."""
    return one.earliest <= other.latest and other.earliest <= one.latest


class Reconciler:
    """Compares our partners with what was gathered, and puts what differs into changes.

    by is who proposes; None where it is only to be shown. With again, what was proposed before and not taken up is
    proposed once more.
    """

    def __init__(
        self, gathered: Gathered, by: User | None, *, again: bool = False, today: datetime.date | None = None
    ) -> None:
        self.gathered = gathered
        self.by = by
        self.again = again
        self.today = today or timezone.localdate()
        self.keys = sorted(set(gathered.partners.values()))
        self.successors: dict[int, Organisation] = {}

    # What differs

    def judged(self) -> Iterator[Judged]:
        """Each partner that the files name, some at a time."""
        keys = iter(self.keys)
        while some := list(islice(keys, TOGETHER)):
            organisations = list(Organisation.objects.live().filter(pk__in=some).for_comparison().in_name_order())
            self._read_successors(code for organisation in organisations for code in organisation.ods_codes)
            for organisation in organisations:
                if any(self.gathered.names(code) for code in organisation.ods_codes):
                    yield self._judge(organisation)

    def _read_successors(self, codes: Iterable[str]) -> None:
        """The partners that followed those with some codes, as far as the person sees them. One query."""
        followed = {successor for code in codes for successor in self.gathered.followed.get(code, ())}
        keys = {self.gathered.partners[code] for code in followed if code in self.gathered.partners}
        partners = Organisation.objects.live()
        if self.by:
            partners = partners.visible_to(self.by)
        self.successors = partners.in_bulk(keys)

    def _judge(self, organisation: Organisation) -> Judged:
        why_left = ""
        if organisation.state == State.WITHDRAWN:
            why_left = _("It is withdrawn.")
        elif organisation.is_in_work:
            why_left = _("It is a draft, and somebody works on it.")
        elif hasattr(organisation, "open_change"):
            why_left = _("It has an open change already.")
        elif self.by and not workflow.may(self.by, "change", organisation):
            why_left = _("%(person)s may not change it.") % {"person": self.by.username}
        if why_left:
            return Judged(organisation, Effect.LEFT, why_left=why_left)
        comparison = self.compared(organisation)
        effect = Effect.PROPOSED if comparison.proposals else Effect.DIFFERS if comparison.remarks else Effect.SAME
        return Judged(organisation, effect, comparison)

    def compared(self, organisation: Organisation) -> Comparison:
        """A record or a working copy against what the files say of it. Changes nothing."""
        found = Comparison()
        stated = [self.gathered.stated[code] for code in organisation.ods_codes if code in self.gathered.stated]
        self._compare_names(organisation, stated, found)
        self._compare_place(organisation, stated, found)
        self._compare_closure(organisation, stated, found)
        for followed in self._followed(organisation):
            self._compare_successor(organisation, followed, found)
        if found.proposals and not self.again:
            self._leave_out_what_was_proposed(organisation, found)
        return found

    def _followed(self, organisation: Organisation) -> list[Followed]:
        rows = [row for code in organisation.ods_codes for row in self.gathered.followed.get(code, {}).values()]
        own = organisation.itself.pk  # whoever was renumbered follows itself
        return [row for row in rows if self.gathered.partners.get(row.successor) != own]

    def _compare_names(self, organisation: Organisation, stated: list[Stated], found: Comparison) -> None:
        known = [organisation.name, organisation.short_name, *(row.name for row in organisation.other_names.all())]
        goes_on = not self._closed_on(organisation, stated)
        for said in stated:
            if any(same(said.name, name) for name in known):
                continue
            name = readable(said.name)
            known.append(name)
            if said.closed_on and goes_on:
                row = OrganisationName(name=name, kind=OrganisationName.Kind.FORMER, ended_on=said.closed_on)
                found.propose(_("Formerly: %(name)s.") % {"name": name}, row)
            else:
                found.propose(_("Also known as: %(name)s.") % {"name": name}, OrganisationName(name=name))

    def _compare_place(self, organisation: Organisation, stated: list[Stated], found: Comparison) -> None:
        if not stated:
            return
        said = next((one for one in stated if not one.closed_on), stated[0])
        if said.town and not organisation.place:
            town = readable(said.town)
            found.propose(_("Place: %(place)s.") % {"place": town}, place=town)
        elif said.town and not same(said.town, organisation.place):
            words = _("Its place is “%(ours)s” here and “%(theirs)s” there.")
            found.remarks.append(words % {"ours": organisation.place, "theirs": readable(said.town)})
        if said.country.upper() in UNITED_KINGDOM and not organisation.country:
            found.propose(_("Country: United Kingdom."), country="GB")

    def _closed_on(self, organisation: Organisation, stated: list[Stated]) -> PartialDate | None:
        """When the last of its codes closed; None while one is open, or nothing is said of one."""
        dates = [said.closed_on for said in stated if said.closed_on]
        if not dates or len(dates) < len(organisation.ods_codes):
            return None
        return max(dates, key=lambda date: date.earliest)

    def _compare_closure(self, organisation: Organisation, stated: list[Stated], found: Comparison) -> None:
        theirs, ours = self._closed_on(organisation, stated), organisation.closed_on
        if ours:
            if theirs and not agree(ours, theirs):
                words = _("It closed on another day here (%(ours)s) than there (%(theirs)s).")
                found.remarks.append(words % {"ours": ours.words, "theirs": theirs.words})
            elif any(not said.closed_on and said.is_active is not False for said in stated):
                found.remarks.append(_("It is closed here and open there."))
        elif theirs and theirs.earliest > self.today:
            found.remarks.append(_("It is going to close: %(date)s.") % {"date": theirs.words})
        elif theirs:
            followed = [row for row in self._followed(organisation) if not self._is_to_come(row.since)]
            reason = self._reason(theirs, followed)
            words = _("Closed: %(date)s (%(reason)s).") % {"date": theirs.words, "reason": reason.label}
            what = self._what_followed(followed)
            found.propose(words, closed_on=theirs, closure_reason=reason.value, what_followed=what)
        elif stated and all(said.is_active is False for said in stated):
            found.remarks.append(_("It is no longer active there, but since when is not said."))

    def _reason(self, closed_on: PartialDate, followed: list[Followed]) -> Organisation.ClosureReason:
        """Why it closed, as far as it follows from who took over."""
        reasons = Organisation.ClosureReason
        if len(followed) != 1:
            return reasons.SPLIT if followed else reasons.DISSOLVED
        successor = self.gathered.stated.get(followed[0].successor)
        was_there = successor and successor.opened_on and successor.opened_on.latest < closed_on.earliest
        return reasons.MERGED if was_there else reasons.REPLACED

    def _what_followed(self, followed: list[Followed]) -> str:
        """Who does its work now, in a sentence that can stand on its page."""
        if not followed:
            if self.gathered.says_what_followed:
                return _("The NHS Organisation Data Service names nobody who took over its work.")
            return _("What followed it is not known yet.")
        *others, last = [self._name_of(row.successor) for row in followed]
        names = _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last} if others else last
        sentence = _("Its work passed to %(names)s.") % {"names": names}
        if len(sentence) > Organisation._meta.get_field("what_followed").max_length:
            return _("Its work passed to %(count)s organisations.") % {"count": len(followed)}
        return sentence

    def _name_of(self, code: str) -> str:
        """As we call it where the public knows it here, else as the service does."""
        partner = self.successors.get(self.gathered.partners.get(code, 0))
        if partner and partner.may_be_named:
            return partner.name
        said = self.gathered.stated.get(code)
        return readable(said.name) if said else _("the organisation with the code %(code)s") % {"code": code}

    def _is_to_come(self, date: PartialDate | None) -> bool:
        return date is not None and date.earliest > self.today

    def _compare_successor(self, organisation: Organisation, followed: Followed, found: Comparison) -> None:
        name, since = self._name_of(followed.successor), followed.since
        when = _(" since %(date)s") % {"date": since.words} if since else ""
        words = _("Followed by %(name)s%(when)s.") % {"name": name, "when": when}
        successor = self.successors.get(self.gathered.partners.get(followed.successor, 0))
        if self._is_to_come(since):
            found.remarks.append(_("It is going to be followed: %(what)s") % {"what": words})
        elif successor is None:
            if followed.successor in self.gathered.to_add:
                found.propose(words)
            else:
                hint = _("%(what)s That is no partner here; --add %(code)s drafts it.")
                found.remarks.append(hint % {"what": words, "code": followed.successor})
        else:
            rows = [row for row in organisation.successions.all() if row.successor_id == successor.pk]
            if not rows:
                found.propose(words, Succession(successor=successor, succeeded_on=since))
            elif since and not rows[0].succeeded_on:
                rows[0].succeeded_on = since
                found.propose(words, rows[0])
            elif since and not agree(rows[0].succeeded_on, since):
                other = _("%(what)s Here it is since %(ours)s.")
                found.remarks.append(other % {"what": words, "ours": rows[0].succeeded_on.words})

    def _leave_out_what_was_proposed(self, organisation: Organisation, found: Comparison) -> None:
        """An editor has decided on it: what was not taken up is not proposed again and again."""
        notes = Act.objects.on(organisation.itself).noting(_source("")).values_list("note", flat=True)
        lines = {line for note in notes for line in note.splitlines()}
        before = [one for one in found.proposals if one.words in lines]
        found.proposals = [one for one in found.proposals if one not in before]
        told = _("Proposed before and not taken up: %(what)s")
        found.remarks += [told % {"what": one.words} for one in before]

    # What is done

    @transaction.atomic
    def propose(self, judged: Judged) -> Organisation:
        """Put the proposals into a change of the record. Returns the working copy; raises one of workflow.REFUSALS.

        What is proposed is worked out anew from the record as it is once nobody else can change it.
        """
        copy = workflow.start_change(judged.organisation, by=self.by)
        comparison = self.compared(copy)
        if not comparison.proposals:
            message = _("“%(record)s” was changed meanwhile, and nothing is left to propose.")
            raise workflow.WrongState(message % {"record": copy})
        words = self._put(comparison, copy)
        copy.change_note = " ".join(proposal.words for proposal in comparison.proposals)
        if len(copy.change_note) > Organisation._meta.get_field("change_note").max_length:
            copy.change_note = _("Brought in step with the NHS Organisation Data Service.")
        copy.save()
        workflow.note_saved(copy, by=self.by, words=words)
        return copy

    @transaction.atomic
    def add(self, code: str, kind: Organisation.Kind) -> Organisation:
        """Draft a partner that we do not have. Its summary is left for an editor to write.

        Returns the draft; raises NotAllowed or NotReady.
        """
        if not may_add(self.by):
            raise workflow.NotAllowed(_("You may not add organisations."))
        self._read_successors([code])
        draft = Organisation(name=readable(self.gathered.stated[code].name), kind=kind)
        draft.slug = _free_slug(draft.name, code)
        _check(draft, {"name", "slug", "kind"})
        draft.save()
        OrganisationIdentifier.objects.create(organisation=draft, value=code)
        words = self._put(self.compared(draft), draft)
        workflow.note_saved(draft, by=self.by, is_new=True, words=words)
        self.gathered.partners[code] = draft.pk
        return draft

    def _put(self, comparison: Comparison, record: Organisation) -> str:
        """Fill in and save what is proposed. Returns where it came from and what it is, for the history."""
        fields = {name: value for proposal in comparison.proposals for name, value in proposal.fields.items()}
        for name, value in fields.items():
            setattr(record, name, value)
        _check(record, set(fields))
        record.save()
        for row in (row for proposal in comparison.proposals for row in proposal.rows):
            row.organisation = record
            _check(row, {each.name for each in row._meta.fields})
            row.save()
        names = {self.gathered.files[code].name for code in record.ods_codes if code in self.gathered.files}
        said = [proposal.words for proposal in comparison.proposals]
        said += [_("Left as it is: %(what)s") % {"what": remark} for remark in comparison.remarks]
        return "\n".join([_source(", ".join(sorted(names))), *said])


def _check(row: Model, names: set[str]) -> None:
    """Raises NotReady with what is wrong in some columns of a row, or with the row as a whole."""
    try:
        row.clean_fields(exclude={each.name for each in row._meta.fields} - names)
        row.clean()
        row.validate_constraints()
    except ValidationError as error:
        raise workflow.NotReady(" ".join(error.messages)) from error


def _source(files: str) -> str:
    """With what the note of each of these acts begins."""
    begins = _("From the NHS Organisation Data Service")
    return f"{begins} ({files}):" if files else begins


def _free_slug(name: str, code: str) -> str:
    """An address that nothing has and nothing had."""
    slug = slugify(name)[:80]
    taken = Organisation.objects.live().filter(slug=slug).exists() or FormerSlug.objects.filter(slug=slug).exists()
    return slug if slug and not taken else f"{slug}-{code.lower()}".strip("-")
