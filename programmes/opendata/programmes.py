"""What others read about programmes: what they are, who takes part, where they run, what came of them."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Role
from partnerships.opendata.columns import (
    ADDRESS,
    BEGAN,
    ENDED,
    ID,
    LAST,
    NAME,
    NOTE,
    POSITION,
    SOURCE,
    SOURCES,
    choice,
    description,
    kinds,
    reference,
    references,
    with_role,
)
from partnerships.opendata.partnerships import AIMS, AREAS
from programmes.models import Participation, Place, Programme, Service, Statement
from programmes.opendata.kinds import (
    BOARD_MEMBERS,
    BUDDYING_ARRANGEMENTS,
    LOCAL_CARE_NETWORKS,
    PROGRAMME,
    SATELLITE_SITES,
)
from programmes.opendata.outcomes import OUTCOMES
from trustportal.opendata.dataset import Column, Dataset, Datatype, Part

PARTICIPATIONS = Dataset(
    "participations",
    _("Partners in programmes"),
    _("Which partners take part in a programme besides its lead, with their roles and dates."),
    lambda: Participation.objects.with_public().with_public("organisation"),
    (
        ID,
        *PROGRAMME,
        *reference("partner", _("The partner."), "NHS England", "partners", "organisation", is_required=True),
        *choice("role", Role, "commissioner", _("Its part in it, as a code that stays.")),
        Column("note", "note", _("What it does in it."), "Pays for the places."),
        BEGAN,
        ENDED,
        *SOURCE,
    ),
)

STATEMENTS = Dataset(
    "statements",
    _("Statements about programmes"),
    _(
        "Milestones, achievements, lessons learned, expectations, endorsements, the steps of a care model; and what a "
        "buddying arrangement worked on, how support was given, and what stayed."
    ),
    lambda: Statement.objects.with_public(),
    (
        ID,
        *PROGRAMME,
        *kinds(Statement.Kind, "milestone"),
        POSITION,
        Column("heading", "name", _("A few words over it, or none."), "First patients"),
        Column("text", "text", _("The statement, in one or two sentences."), "The unit opened.", is_required=True),
        Column("date", "happened_on", _("When it was, as far as it is known."), "2017-05", Datatype.PARTIAL_DATE),
        *choice(
            "progress",
            Statement.Progress,
            "done",
            _("Of an achievement, how far it has come, as a code that stays."),
        ),
        *choice("audience", Statement.Audience, "patients", _("Of an expectation, for whom, as a code that stays.")),
        Column("said_by", "said_by", _("Of an endorsement, who said it: name and post at the time."), "The chair"),
        *reference(
            "said_for", _("For which organisation that person spoke."), "NHS England", "partners", "organisation"
        ),
        *SOURCE,
    ),
)

SERVICES = Dataset(
    "services",
    _("Services"),
    _("The kinds of care that places offer."),
    lambda: Service.objects.published(),
    (ID, Column("name", "name", _("What it is called."), "Radiotherapy", is_required=True)),
)

PLACES = Dataset(
    "places",
    _("Places where programmes run"),
    _("At which sites a satellite site offers services, and which."),
    lambda: Place.objects.with_public().with_public("site"),
    (
        ID,
        *PROGRAMME,
        *reference("site", _("The site."), "Queen Mary's Hospital", "sites", is_required=True),
        *references(
            "services",
            "service",
            _("What it offers there."),
            "Radiotherapy",
            "services",
            lambda row: row.its_services,
        ),
        Column("opened", "opened_on", _("When it opened, as far as it is known."), "2017-04", Datatype.PARTIAL_DATE),
        NOTE,
        *SOURCE,
    ),
)

PROGRAMMES = Dataset(
    "programmes",
    _("Programmes"),
    _("Work with a purpose that partners carry out together."),
    lambda: Programme.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *kinds(Programme.Kind, "satellite-site"),
        *choice("stage", Programme.Stage, "running", _("How far it has come, as a code that stays.")),
        *reference("lead", _("The organisation that leads it."), "Guy's and St Thomas'", "partners"),
        Column(
            "partners",
            lambda record: [with_role(participation) for participation in record.its_participations],
            _("The others that take part, each with its role."),
            "NHS England (Commissioner)",
            has_many=True,
        ),
        Column(
            "partner_ids",
            lambda record: [participation.organisation.uuid for participation in record.its_participations],
            _("The same by their identifiers, in the same order."),
            ID.example,
            Datatype.IDENTIFIER,
            has_many=True,
            refers_to="partners",
            path="participations__organisation",
        ),
        *reference("partnership", _("Under which it runs."), "Our Healthier SEL", "partnerships"),
        BEGAN,
        ENDED,
        Column("length", "length", _("How long it takes, where the dates are not known."), "three years"),
        *AREAS,
        *AIMS,
        *references(
            "builds_on",
            "builds_on",
            _("Earlier programmes from which it grew."),
            "Home dialysis",
            "programmes",
            lambda record: [other for other in record.its_builds_on if other.is_published],
        ),
        description(_("What it is and why, in Markdown.")),
        *SOURCES,
        *LAST,
    ),
    "programme-list",
    (
        Part("participations", PARTICIPATIONS, "programme"),
        Part("statements", STATEMENTS, "programme"),
        Part("places", PLACES, "programme"),
        Part("outcomes", OUTCOMES, "programme"),
        Part("local_care_network", LOCAL_CARE_NETWORKS, "programme"),
        Part("board_members", BOARD_MEMBERS, "programme"),
        Part("satellite_site", SATELLITE_SITES, "programme"),
        Part("buddying_arrangement", BUDDYING_ARRANGEMENTS, "programme"),
    ),
)
