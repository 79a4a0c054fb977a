"""By what readers narrow the lists of partners, partnerships, sites and sources."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_countries import countries

from partnerships.models import Aim, Area, Organisation, Partnership, Priority, Role, Site, Source
from trustportal.finder.facets import NOT_KNOWN, Dates, Finder, Link, LinkedFacet, OwnFacet, Sort, Words

IN_PUBLIC_PARTNERSHIP = {"memberships__partnership__in": Partnership.objects.published().values("pk")}
SERVING_PUBLIC_AIM = {"aims__in": Aim.objects.published().values("pk")}
UNKNOWN_IS_SHOWN = _("Where we do not know a date, we show the record too.")


def choices(enumeration: type) -> dict[str, Words]:
    """The labels of choices by value, for a facet."""
    return dict(enumeration.choices)


def country_names() -> dict[str, Words]:
    """The names of all countries by code."""
    return {**dict(countries), NOT_KNOWN: _("Not known")}


A_TO_Z = Sort("name", _("A to Z"), lambda records: records.in_name_order())
NEWEST_UPDATE = Sort("updated", _("Newest update"), lambda records: records.newest_update_first())

PARTNERS = Finder(
    model=Organisation,
    title=_("Partners"),
    counted=ngettext_lazy("%(count)d partner", "%(count)d partners", "count"),
    facets=(
        OwnFacet("kind", _("Kind of partner"), column="kind", labels=lambda: choices(Organisation.Kind)),
        LinkedFacet(
            "role",
            _("Part they play"),
            links=(Link("memberships__role", IN_PUBLIC_PARTNERSHIP),),
            labels=lambda: choices(Role),
        ),
        LinkedFacet(
            "partnership",
            _("Partnership"),
            links=(Link("partnerships_led"), Link("memberships__partnership")),
            model=Partnership,
        ),
        OwnFacet("country", _("Country"), column="country_code", word="with_country", labels=country_names),
        OwnFacet(
            "standing",
            _("Still there"),
            column="standing",
            word="with_standing",
            labels=lambda: {"open": _("Open"), "closed": _("Closed")},
        ),
    ),
    sorts=(A_TO_Z, NEWEST_UPDATE),
    dates=Dates(
        lambda records, span: records.taking_part_during(span),
        _("Partner"),
        _("When they took part in a partnership. Where we do not know a date, we show the partner too."),
    ),
)

PARTNERSHIPS = Finder(
    model=Partnership,
    title=_("Partnerships"),
    counted=ngettext_lazy("%(count)d partnership", "%(count)d partnerships", "count"),
    facets=(
        OwnFacet("scope", _("How far it reaches"), column="scope", labels=lambda: choices(Partnership.Scope)),
        OwnFacet("kind", _("Kind of partnership"), column="kind", labels=lambda: choices(Partnership.Kind)),
        LinkedFacet(
            "partner", _("Partner"), links=(Link("lead"), Link("memberships__organisation")), model=Organisation
        ),
        LinkedFacet("lead", _("Led by"), links=(Link("lead"),), model=Organisation),
        LinkedFacet("area", _("Area"), links=(Link("areas"),), model=Area),
        LinkedFacet(
            "priority",
            _("Priority of the strategy"),
            links=(Link("aims__priority", SERVING_PUBLIC_AIM),),
            model=Priority,
        ),
        LinkedFacet("aim", _("Aim of the strategy"), is_quiet=True, links=(Link("aims"),), model=Aim),
    ),
    sorts=(
        Sort("reach", _("Local first"), lambda records: records.in_scope_order(), is_grouped=True),
        A_TO_Z,
        NEWEST_UPDATE,
        Sort("began", _("Latest start"), lambda records: records.latest_start_first()),
    ),
    dates=Dates(lambda records, span: records.overlapping(span), _("Running"), UNKNOWN_IS_SHOWN),
)

SITES = Finder(
    model=Site,
    title=_("Sites"),
    counted=ngettext_lazy("%(count)d site", "%(count)d sites", "count"),
    facets=(
        OwnFacet("kind", _("Kind of place"), column="kind", labels=lambda: choices(Site.Kind)),
        LinkedFacet("area", _("Area"), links=(Link("area"),), model=Area),
        LinkedFacet("partner", _("Run by"), links=(Link("organisation"),), model=Organisation),
    ),
    sorts=(A_TO_Z, NEWEST_UPDATE),
)

SOURCES = Finder(
    model=Source,
    title=_("Sources"),
    counted=ngettext_lazy("%(count)d source", "%(count)d sources", "count"),
    facets=(
        OwnFacet("kind", _("Kind of source"), column="kind", labels=lambda: choices(Source.Kind)),
        LinkedFacet("publisher", _("Published by"), links=(Link("publisher"),), model=Organisation),
        OwnFacet("year", _("Year"), column="year", word="with_year"),
    ),
    sorts=(
        A_TO_Z,
        Sort("newest", _("Newest first"), lambda records: records.newest_first()),
        NEWEST_UPDATE,
    ),
    dates=Dates(lambda records, span: records.published_during(span), _("Came out"), UNKNOWN_IS_SHOWN),
)
