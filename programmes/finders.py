"""By what readers narrow the lists of programmes and outcomes; and partners and sites, where programmes count too."""

from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partnerships import finders as partnerships
from partnerships.finders import A_TO_Z, NEWEST_UPDATE, UNKNOWN_IS_SHOWN, choices
from partnerships.models import Aim, Area, Organisation, Partnership, Priority, Site
from programmes.models import OutcomeMetric, Programme, Service
from trustportal.finder.facets import Dates, Facet, Finder, Link, LinkedFacet, OwnFacet, Sort
from trustportal.partial_date import Span

AT_PUBLIC_SITE = {"places__site__in": Site.objects.published().values("pk")}
IN_PUBLIC_PROGRAMME = {"participations__programme__in": Programme.objects.published().values("pk")}
OF_PUBLIC_PROGRAMME = {"programme__in": Programme.objects.published().values("pk")}
OF_PUBLIC_PARTNERSHIP = {"partnership__in": Partnership.objects.published().values("pk")}
PUBLIC_AIMS = Aim.objects.published().values("pk")
PARTNERS_OF_A_PROGRAMME = (
    "lead",
    "participations__organisation",
    "board_members__organisation",
    "buddying_arrangement__supporting",
    "buddying_arrangement__supported",
)

PROGRAMMES = Finder(
    model=Programme,
    title=_("Programmes"),
    counted=ngettext_lazy("%(count)d programme", "%(count)d programmes", "count"),
    facets=(
        OwnFacet("kind", _("Kind of programme"), column="kind", labels=lambda: choices(Programme.Kind)),
        OwnFacet("stage", _("Stage"), column="stage", labels=lambda: choices(Programme.Stage)),
        LinkedFacet(
            "partner",
            _("Partner"),
            links=tuple(Link(path) for path in PARTNERS_OF_A_PROGRAMME),
            model=Organisation,
        ),
        LinkedFacet("lead", _("Led by"), links=(Link("lead"),), model=Organisation),
        LinkedFacet("area", _("Area"), links=(Link("areas"),), model=Area),
        LinkedFacet("service", _("Service"), links=(Link("places__services", AT_PUBLIC_SITE),), model=Service),
        LinkedFacet(
            "priority",
            _("Priority of the strategy"),
            links=(Link("aims__priority", partnerships.SERVING_PUBLIC_AIM),),
            model=Priority,
        ),
        OwnFacet("year", _("Year it began"), column="year", word="with_year"),
        LinkedFacet("aim", _("Aim of the strategy"), is_quiet=True, links=(Link("aims"),), model=Aim),
        LinkedFacet("partnership", _("Partnership"), is_quiet=True, links=(Link("partnership"),), model=Partnership),
        LinkedFacet(
            "site",
            _("Site"),
            is_quiet=True,
            links=(Link("places__site"), Link("satellite_site__host_site")),
            model=Site,
        ),
    ),
    sorts=(
        Sort("kind", _("By kind"), lambda records: records.in_kind_order(), is_grouped=True),
        A_TO_Z,
        NEWEST_UPDATE,
        Sort("began", _("Latest start"), lambda records: records.latest_start_first()),
    ),
    dates=Dates(lambda records, span: records.running_during(span), _("Running"), UNKNOWN_IS_SHOWN),
)

PROGRAMME = LinkedFacet("programme", _("Programme"), links=(Link("programme"),), model=Programme)
PRIORITY = LinkedFacet(
    "priority",
    _("Priority of the strategy"),
    links=(
        Link("programme__aims__priority", {**OF_PUBLIC_PROGRAMME, "programme__aims__in": PUBLIC_AIMS}),
        Link("partnership__aims__priority", {**OF_PUBLIC_PARTNERSHIP, "partnership__aims__in": PUBLIC_AIMS}),
    ),
    model=Priority,
)
PARTNER = LinkedFacet(
    "partner",
    _("Partner"),
    links=(
        Link("lead"),
        *(Link(f"programme__{path}", OF_PUBLIC_PROGRAMME) for path in PARTNERS_OF_A_PROGRAMME),
        Link("partnership__lead", OF_PUBLIC_PARTNERSHIP),
        Link("partnership__memberships__organisation", OF_PUBLIC_PARTNERSHIP),
    ),
    model=Organisation,
)
AREA = LinkedFacet("area", _("Area"), links=(Link("programme__areas", OF_PUBLIC_PROGRAMME),), model=Area)
PARTNERSHIP = LinkedFacet(
    "partnership", _("Partnership"), is_quiet=True, links=(Link("partnership"),), model=Partnership
)
KIND_OF_FIGURE = OwnFacet("kind", _("Kind of figure"), column="kind", labels=lambda: choices(OutcomeMetric.Kind))
FREQUENCY = OwnFacet("frequency", _("How often"), column="frequency", labels=lambda: choices(OutcomeMetric.Frequency))
LEAD = LinkedFacet("lead", _("Published by"), links=(Link("lead"),), model=Organisation)


def quiet(facet: LinkedFacet) -> Facet:
    """The same facet, offered only where the address names it."""
    return replace(facet, is_quiet=True)


OUTCOMES = Finder(
    model=OutcomeMetric,
    title=_("Outcomes"),
    counted=ngettext_lazy("%(count)d outcome", "%(count)d outcomes", "count"),
    facets=(KIND_OF_FIGURE, FREQUENCY, PROGRAMME, AREA, LEAD, quiet(PRIORITY), quiet(PARTNER), PARTNERSHIP),
    sorts=(A_TO_Z, NEWEST_UPDATE),
    dates=Dates(
        lambda records, span: records.counted_during(span),
        _("With a figure"),
        _("When the figures were counted. A figure whose time we do not know is shown too."),
    ),
)
SUMMARY = replace(
    OUTCOMES,
    title=_("Outcomes: summary"),
    facets=(PROGRAMME, PRIORITY, PARTNER, KIND_OF_FIGURE, FREQUENCY, AREA, quiet(LEAD), PARTNERSHIP),
    usual_size=100,
)


def partners_during(organisations: QuerySet, span: Span) -> QuerySet:
    """The organisations that may have had a part in a partnership or a programme within a span."""
    running = Programme.objects.published().running_during(span)
    return organisations.taking_part_during(span, also=running.partners_during(span))


PARTNERS = replace(
    partnerships.PARTNERS,
    facets=tuple(
        replace(
            facet,
            links=(*facet.links, Link("participations__role", IN_PUBLIC_PROGRAMME)),
        )
        if facet.name == "role"
        else facet
        for facet in partnerships.PARTNERS.facets
    ),
    dates=replace(
        partnerships.PARTNERS.dates,
        word=partners_during,
        hint=_(
            "When they took part in a partnership or a programme. Where we do not know a date, we show the partner too."
        ),
    ),
)


def sites_during(sites: QuerySet, span: Span) -> QuerySet:
    """The sites at which a programme may have run within a span."""
    running = Programme.objects.published().running_during(span)
    return sites.filter(pk__in=running.sites(span).order_by().values("pk"))


SITES = replace(
    partnerships.SITES,
    dates=Dates(
        sites_during,
        _("With a programme"),
        _("When programmes ran there. Where we do not know a date, we show the site too."),
    ),
)
