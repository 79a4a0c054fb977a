"""What others read about sites, areas and sources."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Area, Site, Source
from partnerships.opendata import columns
from partnerships.opendata.columns import ADDRESS, ID, LAST, NAME, description, kinds, reference
from trustportal.opendata.dataset import Column, Dataset, Datatype

AREAS = Dataset(
    "areas",
    _("Areas"),
    _("The districts, boroughs, counties and systems that partnerships and programmes serve."),
    lambda: Area.objects.published(),
    (
        ID,
        Column("name", "name", _("What it is called."), "Southwark", is_required=True),
        *kinds(Area.Kind, "district"),
        Column("code", "code", _("Its code, given by the Office for National Statistics."), "E09000028"),
        *reference("lies_in", _("The wider area in which it lies."), "London", "areas", "parent"),
    ),
)

SITES = Dataset(
    "sites",
    _("Sites"),
    _("The hospitals, centres and places in the community where the work happens."),
    lambda: Site.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *kinds(Site.Kind, "hospital"),
        *reference("run_by", _("The organisation that runs it."), "GSTT", "partners", "organisation"),
        *reference("area", _("The area in which it lies."), "Bexley", "areas"),
        Column("street_and_town", "address", _("The street and the town."), "Great Maze Pond, London"),
        Column("postcode", "postcode", _("The postcode."), "SE1 9RT"),
        Column("latitude", "latitude", _("Degrees north (WGS 84)."), "51.5033", Datatype.NUMBER),
        Column("longitude", "longitude", _("Degrees east; west is negative (WGS 84)."), "-0.087", Datatype.NUMBER),
        Column(
            "position",
            lambda record: "" if record.latitude is None else "approximate" if record.is_approximate else "exact",
            _("How well the position is known: “exact” is the entrance, “approximate” is near it."),
            "approximate",
            codes=(("exact", _("The entrance")), ("approximate", _("Near it"))),
        ),
        description(_("What is there, in Markdown.")),
        *columns.SOURCES,
        *LAST,
    ),
    "site-list",
)

SOURCES = Dataset(
    "sources",
    _("Sources"),
    _("The pages, reports, books and films on which this portal rests."),
    lambda: Source.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *kinds(Source.Kind, "report"),
        *reference("publisher", _("The organisation that stands behind it."), "NHS England", "partners"),
        Column("url", "url", _("Where the source itself is."), "https://www.example.org/report.pdf", Datatype.ADDRESS),
        Column(
            "published", "published_on", _("When it came out, as far as it is known."), "2018-03", Datatype.PARTIAL_DATE
        ),
        Column("changed", "changed_on", _("When its publisher last changed it."), "2021-03-15", Datatype.PARTIAL_DATE),
        Column("notes", "notes", _("What readers should know of it, in Markdown."), "Members alone can open it."),
        *LAST,
    ),
    "source-list",
)
