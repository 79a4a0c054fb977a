"""What this app tells on a timeline: partnerships and what was signed, who joined and left, closures, strategies."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.models import (
    Agreement,
    Membership,
    Organisation,
    Partnership,
    Strategy,
    Succession,
)
from trustportal.partial_date import PartialDate
from trustportal.publishing.models import Part, Publishable
from trustportal.timelines.events import Event, Span
from trustportal.timelines.gathering import Run, Telling, Undated, ending_of


def source_of(part: object) -> dict[str, str]:
    """The source on which a statement rests, where it is another than the page's and the public may see it."""
    source = getattr(part, "source", None)
    if source is None or not source.is_published:
        return {}
    return {"source": source.name, "source_address": source.get_absolute_url()}


def event(
    telling: str,
    kind: str,
    what: str,
    words: str,
    on: PartialDate,
    record: Publishable,
    part: object = None,
    **more: object,
) -> Event:
    """An event of a record, or of one of its parts.

    Rows of parts are made anew at each publication, so that the key rests on what names them among their neighbours.
    """
    names = [str(name) for name in part.natural_key()[1:]] if part is not None else []
    return Event(
        key="/".join([telling, str(record.pk), *names]),
        kind=kind,
        what=what,
        words=words,
        on=on,
        record=record.name,
        updated_at=record.updated_at,
        **{"address": record.get_absolute_url(), **source_of(part), **more},
    )


def parts_of(model: type[Part], public: QuerySet, *, is_whole: bool) -> QuerySet:
    """The parts of public records: of all of them, or of some."""
    return model.objects.with_public() if is_whole else model.objects.of_records(public)


def tellings(public: QuerySet, partner: Organisation | None = None, *, is_whole: bool) -> list[Telling]:
    """What is told of public partnerships: of all (`is_whole`), or of some; of a partner alone when it came or went."""
    found = [
        Telling("partnership-began", "runs", "started_on", public, Partnership.objects.all(), _began),
        Telling("partnership-ended", "runs", "ended_on", public, Partnership.objects.all(), _ended),
    ]
    agreements = parts_of(Agreement, public, is_whole=is_whole)
    shown = Agreement.objects.select_related("partnership", "source")
    for name, date, event_of in [
        ("agreement-signed", "signed_on", _signed),
        ("agreement-ends", "ended_on", _agreement_ends),
        ("agreement-renewal", "renewal_due_on", _renewal),
    ]:
        found.append(Telling(name, "agreements", date, agreements, shown, event_of))
    members = parts_of(Membership, public, is_whole=is_whole).with_public("organisation")
    if partner:
        members = members.filter(organisation=partner)
    shown = Membership.objects.select_related("partnership", "organisation", "source")
    joined, left = members.on_another_date("started_on"), members.on_another_date("ended_on")
    found.append(Telling("member-joined", "partners", "started_on", joined, shown, _joined))
    found.append(Telling("member-left", "partners", "ended_on", left, shown, _left))
    return found


def tellings_of_organisations(partner: Organisation | None = None) -> list[Telling]:
    """Closures, successions and strategies: all, or those of a partner."""
    organisations, successions = Organisation.objects.published(), Succession.objects.of_public()
    strategies = Strategy.objects.published()
    if partner:
        organisations, strategies = organisations.filter(pk=partner.pk), strategies.filter(lead=partner)
        successions = successions.seen_from(partner)
    else:
        successions = successions.later_than_closure()
    shown = Succession.objects.select_related("organisation", "successor")
    return [
        Telling(
            "organisation-closed", "organisations", "closed_on", organisations, Organisation.objects.all(), _closed
        ),
        Telling("organisation-followed", "organisations", "succeeded_on", successions, shown, _followed),
        Telling("strategy-began", "strategies", "started_on", strategies, Strategy.objects.all(), _strategy_began),
        Telling("strategy-ended", "strategies", "ended_on", strategies, Strategy.objects.all(), _strategy_ended),
    ]


def runs(public: QuerySet) -> list[Run]:
    """Partnerships with their beginnings and ends."""
    return [Run("runs", public, _partnership)]


def runs_of_strategies(partner: Organisation | None = None) -> list[Run]:
    """Strategies with theirs: all, or those of a partner."""
    strategies = Strategy.objects.published()
    return [Run("strategies", strategies.filter(lead=partner) if partner else strategies, _strategy)]


def undated(public: QuerySet, *, is_whole: bool) -> list[Undated]:
    """Partnerships and agreements of which no date is known."""
    agreements = parts_of(Agreement, public, is_whole=is_whole)
    return [
        Undated("partnership", public.without_dates("started_on", "ended_on"), ("name", "slug")),
        Undated(
            "agreement",
            agreements.without_dates("signed_on", "ended_on", "renewal_due_on"),
            ("name", "partnership__slug"),
        ),
    ]


def address_of_undated(sort: str, slug: str) -> tuple[str, str]:
    """What sort of thing it is, in words, and the page that tells of it."""
    words = {"partnership": _("Partnership"), "agreement": _("Agreement")}[sort]
    return words, reverse("partnership-detail", args=[slug])


def renewals(partnerships: QuerySet) -> Telling:
    """The agreements of some partnerships that fall due for renewal."""
    agreements = Agreement.objects.of_records(partnerships)
    shown = Agreement.objects.select_related("partnership", "source")
    return Telling("agreement-renewal", "agreements", "renewal_due_on", agreements, shown, _renewal)


# Each sort of event in words


def _began(row: Partnership) -> Event:
    return event("partnership-began", "runs", _("Partnership began"), row.name, row.started_on, row, text=row.summary)


def _ended(row: Partnership) -> Event:
    return event("partnership-ended", "runs", _("Partnership ended"), row.name, row.ended_on, row)


def _signed(row: Agreement) -> Event:
    words = _("Signed: %(agreement)s") % {"agreement": row.name}
    return event(
        "agreement-signed", "agreements", row.get_kind_display(), words, row.signed_on, row.partnership, row,
        text=row.summary, period=row.partnership.period,
    )  # fmt: skip


def _agreement_ends(row: Agreement) -> Event:
    words = _("End of agreement: %(agreement)s") % {"agreement": row.name}
    kind = row.get_kind_display()
    return event(
        "agreement-ends", "agreements", kind, words, row.ended_on, row.partnership, row, period=row.partnership.period
    )


def _renewal(row: Agreement) -> Event:
    words = _("Renewal due: %(agreement)s") % {"agreement": row.name}
    kind = row.get_kind_display()
    return event(
        "agreement-renewal", "agreements", kind, words, row.renewal_due_on, row.partnership, row,
        period=row.partnership.period,
    )  # fmt: skip


def _joined(row: Membership) -> Event:
    words = _("%(partner)s joined") % {"partner": row.organisation.name}
    role = row.get_role_display()
    return event("member-joined", "partners", role, words, row.started_on, row.partnership, row, text=row.note)


def _left(row: Membership) -> Event:
    words = _("%(partner)s left") % {"partner": row.organisation.name}
    return event("member-left", "partners", row.get_role_display(), words, row.ended_on, row.partnership, row)


def _closed(row: Organisation) -> Event:
    words = _("%(partner)s closed") % {"partner": row.name}
    return event(
        "organisation-closed", "organisations", row.get_closure_reason_display(), words, row.closed_on, row,
        text=row.what_followed,
    )  # fmt: skip


def _followed(row: Succession) -> Event:
    names = {"successor": row.successor.name, "organisation": row.organisation.name}
    words = _("%(successor)s took over from %(organisation)s") % names
    return event(
        "organisation-followed", "organisations", _("Successor"), words, row.succeeded_on, row.organisation, row,
        text=row.note,
    )  # fmt: skip


def _strategy_began(row: Strategy) -> Event:
    what = _("Strategy began")
    return event("strategy-began", "strategies", what, row.name, row.started_on, row, text=row.summary)


def _strategy_ended(row: Strategy) -> Event:
    return event("strategy-ended", "strategies", _("Strategy ends"), row.name, row.ended_on, row)


def _partnership(row: Partnership) -> Span:
    ending = ending_of(row.ended_on, goes_on=True)  # a partnership is said to go on until it is said to have ended
    key = f"partnership/{row.pk}"
    return Span(key, "runs", row.name, row.get_absolute_url(), row.started_on, row.ended_on, ending)


def _strategy(row: Strategy) -> Span:
    ending = ending_of(row.ended_on, goes_on=False)
    key = f"strategy/{row.pk}"
    return Span(key, "strategies", row.name, row.get_absolute_url(), row.started_on, row.ended_on, ending)
