"""What others read about partners, partnerships, sites and sources, column by column."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from partnerships.feeds import as_atom
from partnerships.models import Membership, Organisation, Partnership, Site, Source
from trustportal.finder.views import FinderView
from trustportal.opendata.dataset import Column, Dataset, Datatype
from trustportal.opendata.writing import csv_response, json_response
from trustportal.publishing.models import Publishable


def address_of(record: Publishable) -> str:
    """The whole address of a record's page."""
    return settings.SITE_URL + record.get_absolute_url()


def public(record: Publishable | None) -> str:
    """The name of another record, where the public may read it; otherwise ""."""
    return record.name if record is not None and record.may_be_named else ""


NAME = Column("name", "name", _("What it is called."), "South East London Integrated Care Board")
ADDRESS = Column(
    "address",
    address_of,
    _("The page of the record on this portal. It stays, or leads to the new one."),
    "https://partnerships.example.nhs.uk/partners/kings-health-partners/",
    Datatype.ADDRESS,
)
SUMMARY = Column("summary", "summary", _("What it is, in one or two sentences."), "A network of four hospitals.")
FIRST_PUBLISHED = Column(
    "first_published", "first_published_at", _("When readers could first read the page."), "2026-03-02T12:00:00+00:00",
    Datatype.TIME,
)  # fmt: skip
UPDATED = Column(
    "updated", "updated_at", _("When the page last changed in what it says."), "2026-03-02T12:00:00+00:00",
    Datatype.TIME,
)  # fmt: skip
LAST = (SUMMARY, FIRST_PUBLISHED, UPDATED)


def displayed(name: str) -> Callable[[Publishable], str]:
    """The label of a choice."""
    return lambda record: str(getattr(record, f"get_{name}_display")())


def with_role(membership: Membership) -> str:
    """A member with its role: "King's College London (Founding member)"."""
    return f"{membership.organisation.name} ({membership.get_role_display()})"


BEGAN = Column("began", "started_on", _("When it began, as far as it is known."), "2017-05", Datatype.PARTIAL_DATE)
ENDED = Column("ended", "ended_on", _("When it ended, as far as it is known."), "2019", Datatype.PARTIAL_DATE)


def kinds(enumeration: type, example: str) -> tuple[Column, Column]:
    """The columns for the kind of a record: the value, and its name."""
    return choice("kind", enumeration, example, _("What sort it is, as a code that stays."))


def choice(name: str, enumeration: type, example: str, description: object) -> tuple[Column, Column]:
    """The columns for a field with choices: the value, and its name."""
    return (
        Column(name, name, description, example),
        Column(f"{name}_name", displayed(name), _("The same in words."), str(enumeration(example).label)),
    )


PARTNERS = Dataset(
    "partners",
    _("Partners"),
    _("The organisations with which the trust works."),
    (
        NAME,
        ADDRESS,
        *kinds(Organisation.Kind, "nhs-trust"),
        Column("short_name", "short_name", _("What people call it for short."), "GSTT"),
        Column(
            "other_names",
            lambda record: [name.name for name in record.other_names.all()],
            _("Former and other names."),
            "Guy's Hospital",
            has_many=True,
        ),
        Column("ods_code", "ods_code", _("Its code in the Organisation Data Service of the NHS."), "RJ1"),
        Column(
            "identifiers",
            lambda record: [f"{code.scheme}:{code.value}" for code in record.identifiers.all()],
            _("All codes by which others know it: the scheme, a colon, the code."),
            "ods:RJ1",
            has_many=True,
        ),
        Column("place", "place", _("The town or city."), "London"),
        Column("country", lambda record: record.country.code or "", _("The country, by ISO 3166-1."), "GB"),
        Column("website", "website", _("Its own website."), "https://www.example.nhs.uk/", Datatype.ADDRESS),
        Column(
            "closed",
            "closed_on",
            _("When it closed, as far as it is known. Empty where it is open."),
            "2022-07",
            Datatype.PARTIAL_DATE,
        ),
        Column("what_followed", "what_followed", _("Who does its work now."), "Its work passed to the board."),
        Column(
            "partnerships",
            "partnership_count",
            _("How many partnerships on this portal it leads or belongs to."),
            "3",
            Datatype.WHOLE_NUMBER,
        ),
        *LAST,
    ),
)

PARTNERSHIPS = Dataset(
    "partnerships",
    _("Partnerships"),
    _("Lasting ways of working together: who belongs to them, and since when."),
    (
        NAME,
        ADDRESS,
        *kinds(Partnership.Kind, "clinical-network"),
        *choice("scope", Partnership.Scope, "local", _("How far it reaches, as a code that stays.")),
        Column(
            "lead", lambda record: public(record.lead), _("The organisation that leads it."), "King's Health Partners"
        ),
        Column(
            "members",
            lambda record: [with_role(membership) for membership in record.memberships.all()],
            _("The other partners, each with its role."),
            "King's College London (Founding member)",
            has_many=True,
        ),
        BEGAN,
        ENDED,
        Column(
            "areas",
            lambda record: [area.name for area in record.areas.all()],
            _("The areas that it serves."),
            "Southwark",
            has_many=True,
        ),
        Column(
            "people_served",
            "population_served",
            _("How many people live in the area."),
            "2600000",
            Datatype.WHOLE_NUMBER,
        ),
        *LAST,
    ),
)

SITES = Dataset(
    "sites",
    _("Sites"),
    _("The hospitals, centres and places in the community where the work happens."),
    (
        NAME,
        ADDRESS,
        *kinds(Site.Kind, "hospital"),
        Column("run_by", lambda record: public(record.organisation), _("The organisation that runs it."), "GSTT"),
        Column(
            "area", lambda record: record.area.name if record.area else "", _("The area in which it lies."), "Bexley"
        ),
        Column("street_and_town", "address", _("The street and the town."), "Great Maze Pond, London"),
        Column("postcode", "postcode", _("The postcode."), "SE1 9RT"),
        Column("latitude", "latitude", _("Degrees north (WGS 84)."), "51.5033", Datatype.NUMBER),
        Column("longitude", "longitude", _("Degrees east; west is negative (WGS 84)."), "-0.087", Datatype.NUMBER),
        Column(
            "position",
            lambda record: "" if record.latitude is None else "approximate" if record.is_approximate else "exact",
            _("How well the position is known: “exact” is the entrance, “approximate” is near it."),
            "approximate",
        ),
        *LAST,
    ),
)

SOURCES = Dataset(
    "sources",
    _("Sources"),
    _("The pages, reports, books and films on which this portal rests."),
    (
        NAME,
        ADDRESS,
        *kinds(Source.Kind, "report"),
        Column(
            "publisher",
            lambda record: public(record.publisher),
            _("The organisation that stands behind it."),
            "NHS England",
        ),
        Column("url", "url", _("Where the source itself is."), "https://www.example.org/report.pdf", Datatype.ADDRESS),
        Column(
            "published", "published_on", _("When it came out, as far as it is known."), "2018-03", Datatype.PARTIAL_DATE
        ),
        Column("changed", "changed_on", _("When its publisher last changed it."), "2021-03-15", Datatype.PARTIAL_DATE),
        *LAST,
    ),
)


def files_of(dataset: Dataset) -> dict[str, Callable[[FinderView, QuerySet], HttpResponseBase]]:
    """What writes a list of records of a dataset under each ending."""
    return {
        "csv": partial(as_csv, dataset),
        "json": partial(as_json, dataset),
        "atom": as_atom,
    }


def as_csv(dataset: Dataset, view: FinderView, records: QuerySet) -> HttpResponseBase:
    """All records of the list as a table."""
    return csv_response(dataset, records)


def as_json(dataset: Dataset, view: FinderView, records: QuerySet) -> HttpResponseBase:
    """All records of the list as JSON, with what the list is."""
    about = {
        "title": str(dataset.title),
        "list": settings.SITE_URL + view.question.address(view.list_path),
        "address": settings.SITE_URL + view.file_path("json"),
        "total": view.finding.total,
        "updated": view.finding.newest,
    }
    return json_response(dataset, records, about)
