"""What others read about partners: who they are, their names and codes, and what followed them."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, OrganisationIdentifier, OrganisationName, Succession
from partnerships.opendata.columns import (
    ADDRESS,
    ID,
    LAST,
    NAME,
    SOURCES,
    choice,
    description,
    kinds,
    reference,
)
from trustportal.opendata.dataset import Column, Dataset, Datatype, Part

PARTNER = reference("partner", _("The partner."), "Guy's and St Thomas'", "partners", "organisation", is_required=True)

OTHER_NAMES = Dataset(
    "other-names",
    _("Other names of partners"),
    _("Former names, short forms and other names under which people may look for a partner."),
    lambda: OrganisationName.objects.with_public(),
    (
        ID,
        *PARTNER,
        Column("name", "name", _("The other name."), "Guy's Hospital", is_required=True),
        *kinds(OrganisationName.Kind, "former"),
        Column("used_until", "ended_on", _("Until when a former name was used."), "1993", Datatype.PARTIAL_DATE),
    ),
)

IDENTIFIERS = Dataset(
    "identifiers",
    _("Codes of partners"),
    _("The codes by which others know a partner."),
    lambda: OrganisationIdentifier.objects.with_public(),
    (
        ID,
        *PARTNER,
        *choice("scheme", OrganisationIdentifier.Scheme, "ods", _("Who gives out the code, as a code that stays.")),
        Column("code", "value", _("The code."), "RJ1", is_required=True),
    ),
)

SUCCESSIONS = Dataset(
    "successions",
    _("Successors of partners"),
    _("Which organisations took over the work of those that closed."),
    lambda: Succession.objects.of_public(),
    (
        ID,
        *reference(
            "partner",
            _("The organisation that closed."),
            "NHS Southwark CCG",
            "partners",
            "organisation",
            is_required=True,
        ),
        *reference(
            "successor",
            _("The organisation that took over."),
            "NHS South East London ICB",
            "partners",
            is_required=True,
        ),
        Column("since", "succeeded_on", _("Since when, as far as it is known."), "2022-07", Datatype.PARTIAL_DATE),
        Column("note", "note", _("What passed on, where not everything did."), "The contracts with practices."),
    ),
)

PARTNERS = Dataset(
    "partners",
    _("Partners"),
    _("The organisations with which the trust works."),
    lambda: Organisation.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *kinds(Organisation.Kind, "nhs-trust"),
        Column("short_name", "short_name", _("What people call it for short."), "GSTT"),
        Column(
            "other_names",
            lambda record: sorted(name.name for name in record.its_other_names),
            _("Former and other names."),
            "Guy's Hospital",
            has_many=True,
        ),
        Column("ods_code", "ods_code", _("Its code in the Organisation Data Service of the NHS."), "RJ1"),
        Column(
            "identifiers",
            lambda record: sorted(f"{code.scheme}:{code.value}" for code in record.identifiers.all()),
            _("All codes by which others know it: the scheme, a colon, the code."),
            "ods:RJ1",
            has_many=True,
        ),
        Column("place", "place", _("The town or city."), "London"),
        Column("country", lambda record: record.country.code or "", _("The country, by ISO 3166-1."), "GB"),
        *reference(
            "part_of", _("The organisation of which it is a part."), "Guy's and St Thomas'", "partners", "parent"
        ),
        Column("website", "website", _("Its own website."), "https://www.example.nhs.uk/", Datatype.ADDRESS),
        description(_("Who they are and what they do with the trust, in Markdown.")),
        Column(
            "closed",
            "closed_on",
            _("When it closed, as far as it is known. Empty where it is open."),
            "2022-07",
            Datatype.PARTIAL_DATE,
        ),
        *choice(
            "closure_reason",
            Organisation.ClosureReason,
            "merged",
            _("Why it closed, as a code that stays. Empty where it is open."),
        ),
        Column("what_followed", "what_followed", _("Who does its work now."), "Its work passed to the board."),
        Column(
            "partnerships",
            "partnership_count",
            _("How many partnerships on this portal it leads or belongs to."),
            "3",
            Datatype.WHOLE_NUMBER,
        ),
        *SOURCES,
        *LAST,
    ),
    "organisation-list",
    (
        Part("names", OTHER_NAMES, "organisation"),
        Part("codes", IDENTIFIERS, "organisation"),
        Part("successors", SUCCESSIONS, "organisation"),
        Part("followed", SUCCESSIONS, "successor"),
    ),
)
