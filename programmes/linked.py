"""What the pages of programmes and outcomes say in schema.org's words; as `partnerships.linked`."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.linked import (
    PROJECT,
    area_of,
    list_page,
    members_of,
    organisation_reference,
    partnership_reference,
    record_page,
    role_of,
    shown,
    site_reference,
)
from programmes.charts import Line, Picture
from programmes.models import Observation, OutcomeMetric, Place, Programme
from trustportal.opendata.forms import LICENCE
from trustportal.opendata.linked import (
    Node,
    download,
    interval,
    known,
    page_at,
    reference,
    thing,
    thing_of,
    uuid_of,
)
from trustportal.search.models import plain

# What sort of statistic a figure is; schema.org leaves the words to others.
STATISTICS = {
    OutcomeMetric.Kind.TOTAL: "total",
    OutcomeMetric.Kind.COUNT: "count",
    OutcomeMetric.Kind.PERCENTAGE: "percentage",
    OutcomeMetric.Kind.RATE: "rate",
    OutcomeMetric.Kind.RANKING: "rank",
    OutcomeMetric.Kind.YES_NO: "yes or no",
}


# How other pages name the records of this app


def programme_reference(programme: Programme | None) -> Node | None:
    """A programme by name."""
    return reference(programme, PROJECT)


def outcome_reference(metric: OutcomeMetric | None) -> Node | None:
    """The figures of an outcome by name."""
    return reference(metric, "Dataset")


def figures_of(lines: Iterable[Line]) -> list[Node]:
    """The outcomes that a page shows in a line each."""
    return known(outcome_reference(line.metric) for line in lines)


# Programmes


def programme(context: dict[str, Any]) -> list[Node]:
    """The page of a programme, the work itself, and the service, where people can use it."""
    record: Programme = context["object"]
    service = service_of(record, context["places"]) if context["satellite_site"] else None
    is_research = record.kind == Programme.Kind.RESEARCH
    work = thing_of(
        record,
        "ResearchProject" if is_research else PROJECT,
        url=page_at(record),
        keywords=[record.get_kind_display(), record.get_stage_display()],
        foundingDate=record.started_on,
        dissolutionDate=record.ended_on,
        areaServed=[area_of(area) for area in record.areas.all()],
        location=known(site_reference(place.site) for place in context["places"]),
        member=[*members_of(record.lead, record.participations.all()), *trusts_of(context["buddying_arrangement"])],
        parentOrganization=partnership_reference(record.partnership),
        subOrganization=board_of(context["board"], context["board_members"]),
        makesOffer=offer_of(context["satellite_site"], service),
        subjectOf=figures_of(shown(context["lines"])),
    )
    return [record_page(record), work, *known([service])]


def trusts_of(arrangement: Any) -> list[Node]:
    """The trust that supports and the one that is supported."""
    if arrangement is None:
        return []
    parts = [(_("Supporting trust"), arrangement.supporting), (_("Supported trust"), arrangement.supported)]
    return [role_of(role, member=said) for role, trust in parts if (said := organisation_reference(trust))]


def board_of(board: Any, members: Iterable[Any]) -> Node | None:
    """The board of a local care network."""
    if board is None:
        return None
    return thing(
        "Organization",
        name=board.name,
        description=board.remit,
        identifier=uuid_of(board),
        member=known(organisation_reference(row.organisation) for row in members),
    )


def service_of(record: Programme, places: list[Place]) -> Node:
    """What a satellite site offers, and where."""
    return thing(
        "Service",
        f"{page_at(record)}#service",
        name=record.name,
        description=record.summary,
        url=page_at(record),
        provider=organisation_reference(record.lead),
        serviceType=list(dict.fromkeys(service.name for place in places for service in place.services.all())),
        areaServed=[area_of(area) for area in record.areas.all()],
        availableChannel=[
            thing(
                "ServiceChannel",
                name=", ".join(service.name for service in place.services.all()),
                description=place.note,
                identifier=uuid_of(place),
                serviceLocation=site_reference(place.site),
            )
            for place in places
        ],
    )


def offer_of(satellite: Any, service: Node | None) -> Node | None:
    """Since when the service can be used."""
    if service is None:
        return None
    return thing("Offer", itemOffered={"@id": service["@id"]}, availabilityStarts=satellite.opened_on)


# Outcomes


def outcome(context: dict[str, Any]) -> list[Node]:
    """The page of an outcome, its figures as a set of data, and the newest figure. Nothing that is kept back."""
    record: OutcomeMetric = context["object"]
    rows = [observation for observation, _shown in context["rows"]]
    variable = variable_of(record)
    figures = thing_of(
        record,
        "Dataset",
        url=page_at(record),
        license=LICENCE,
        isAccessibleForFree=True,
        creator=organisation_reference(record.lead),
        about=known([programme_reference(record.programme), partnership_reference(record.partnership)]),
        datePublished=record.first_published_at,
        dateModified=record.modified_at,
        temporalCoverage=time_of(rows, context["picture"], context["page_obj"].paginator.count),
        variableMeasured=variable,
        distribution=files_of(record),
    )
    return [record_page(record), figures, *known([newest_of(record, variable)])]


def variable_of(record: OutcomeMetric) -> Node:
    """What is counted, and over what."""
    denominator = thing("StatisticalVariable", name=record.denominator_label) if record.is_rate else None
    return thing(
        "StatisticalVariable",
        f"{page_at(record)}#variable",
        name=record.name,
        description=plain(record.definition),
        measuredProperty=thing("Property", name=record.numerator_label or record.unit),
        measurementDenominator=denominator,
        statType=STATISTICS[record.kind],
    )


def time_of(rows: list[Observation], picture: Picture | None, count: int) -> str:
    """From the beginning of the first period to the end of the last one; "" where the page has not read all figures."""
    read = {one.pk: one for one in [*rows, *(picture.series.observations if picture else [])]}
    dated = [one for one in read.values() if one.period_start]
    if not dated or len(read) < count:
        return ""
    first = min((one.period_start for one in dated), key=lambda date: (date.earliest, str(date)))
    last = max((one.period_end for one in dated), key=lambda date: (date.latest, str(date)))
    return interval(first, last)


def files_of(record: OutcomeMetric) -> list[Node]:
    """The figures in other forms."""
    return [
        download(reverse("outcome-metric-csv", args=[record.slug]), "text/csv", name=_("Figures")),
        download(
            reverse("outcome-metric-detail-file", args=[record.slug, "json"]), "application/json", name=_("All facts")
        ),
    ]


def newest_of(record: OutcomeMetric, variable: Node) -> Node | None:
    """The newest figure; None where there is none or readers are not shown it."""
    newest = record.latest_observation
    if newest is None or newest.figure is None:
        return None
    return thing(
        "Observation",
        f"{page_at(record)}#newest-figure",
        name=newest.period,
        identifier=uuid_of(newest),
        variableMeasured={"@id": variable["@id"]},
        observationPeriod=interval(newest.period_start, newest.period_end),
        value=number(newest.figure),
        unitText=record.unit_in_words or ("%" if record.kind == OutcomeMetric.Kind.PERCENTAGE else ""),
    )


def number(figure: Decimal) -> int | float:
    """A figure as JSON has it."""
    return int(figure) if figure == figure.to_integral_value() else round(float(figure), 6)


programmes = partial(list_page, programme_reference)
outcomes = partial(list_page, outcome_reference)
