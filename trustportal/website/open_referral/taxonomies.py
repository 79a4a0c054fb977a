"""The words by which the feed sorts: two lists that are written out, one from a table."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.open_referral import KINDS_OF_ORGANISATION, ORGANISATION_TERMS
from programmes.models import Service
from programmes.open_referral import KINDS_OF_CARE, KINDS_OF_PROGRAMME, PROGRAMME_TERMS, term_of
from trustportal.opendata.open_referral.answering import NotThere, feed, identified
from trustportal.opendata.open_referral.paging import Said, Span, page_of, span_of
from trustportal.opendata.open_referral.parameters import Parameters
from trustportal.opendata.open_referral.taxonomies import Taxonomy, Term
from trustportal.opendata.open_referral.values import whole_address

TAXONOMIES = (KINDS_OF_PROGRAMME, KINDS_OF_CARE, KINDS_OF_ORGANISATION)
WRITTEN_OUT = (*PROGRAMME_TERMS, *ORGANISATION_TERMS)
MOST_TERMS = 100  # of one taxonomy, where it is said with its terms


def with_term(programmes: QuerySet, term: uuid.UUID | None, taxonomy: uuid.UUID | None) -> QuerySet:
    """The services to which a term applies, or any term of a taxonomy; all where neither is given."""
    if term:
        written = next((one for one in WRITTEN_OUT if one.id == str(term)), None)
        if written is None:
            programmes = programmes.offering(Service.objects.filter(uuid=term))
        else:
            of_programmes = written.taxonomy is KINDS_OF_PROGRAMME
            programmes = programmes.filter(kind=written.value) if of_programmes else programmes.none()
    if taxonomy is None or str(taxonomy) == KINDS_OF_PROGRAMME.id:
        return programmes
    is_care = str(taxonomy) == KINDS_OF_CARE.id
    return programmes.offering(Service.objects.published()) if is_care else programmes.none()


def terms(taxonomy: str, text: str, span: Span) -> tuple[int, list[Term]]:
    """How many terms there are, of one taxonomy or of all, with a text in their name; and those of a page."""
    written = [term for term in WRITTEN_OUT if taxonomy in {"", term.taxonomy.id} and term.has(text)]
    kept = Service.objects.published() if taxonomy in {"", KINDS_OF_CARE.id} else Service.objects.none()
    kept = kept.named_like(text) if text else kept
    total = len(written) + kept.count()
    found = written[span.start : span.stop]
    if span.start < total and span.stop > len(written):
        rows = kept.order_by("pk")[max(span.start - len(written), 0) : span.stop - len(written)]
        found += [term_of(row) for row in rows]
    return total, found


@feed
def taxonomy_terms(asked: Parameters) -> Said:
    """All terms. None of them lies in another, so all are at the top and none has a parent."""
    span, taxonomy = span_of(asked), asked.identifier("taxonomy_id")
    asked.truth("top_only")
    if asked.identifier("parent_id"):
        return page_of(0, span, [])
    total, found = terms(str(taxonomy or ""), asked.text("search"), span)
    return page_of(total, span, [term.said for term in found])


@feed
def taxonomy_term(asked: Parameters, key: str) -> Said:
    """One term."""
    term = identified(key)
    for written in WRITTEN_OUT:
        if written.id == str(term):
            return written.said
    service = Service.objects.published().filter(uuid=term).first()
    if service is None:
        raise NotThere(_("There is no taxonomy term with this id."))
    return term_of(service).said


def say(taxonomy: Taxonomy) -> Said:
    """A taxonomy with its terms; those beyond the first are in the list of terms."""
    _total, first = terms(taxonomy.id, "", Span(per_page=MOST_TERMS))
    return {
        "id": taxonomy.id,
        "name": str(taxonomy.name),
        "description": str(taxonomy.description),
        "uri": whole_address(reverse("open-referral-taxonomy", args=[taxonomy.id])),
        "taxonomy_terms": [term.said for term in first],
    }


@feed
def taxonomies(asked: Parameters) -> Said:
    """All taxonomies."""
    span, text = span_of(asked), asked.text("search").lower()
    found: Sequence[Taxonomy] = [one for one in TAXONOMIES if text in str(one.name).lower()]
    return page_of(len(found), span, map(say, found[span.start : span.stop]))


@feed
def taxonomy(asked: Parameters, key: str) -> Said:
    """One of them."""
    for one in TAXONOMIES:
        if one.id == str(identified(key)):
            return say(one)
    raise NotThere(_("There is no taxonomy with this id."))
