"""What others read about partnerships: who belongs to them and what was signed."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Agreement, Membership, Partnership, PartnershipPriority, Role
from partnerships.opendata.columns import (
    ADDRESS,
    BEGAN,
    ENDED,
    ID,
    LAST,
    NAME,
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
from trustportal.opendata.dataset import Column, Dataset, Datatype, Part

PARTNERSHIP = reference(
    "partnership", _("The partnership."), "King's Health Partners", "partnerships", is_required=True
)
ROLE = choice("role", Role, "founder", _("Its part in it, as a code that stays."))
AREAS = references(
    "areas", "area", _("The areas that it serves."), "Southwark", "areas", lambda record: record.its_areas
)
AIMS = references(
    "aims",
    "aim",
    _("The aims of strategies that it serves."),
    "Care nearer to people",
    "aims",
    lambda record: record.its_aims,
)


MEMBERSHIPS = Dataset(
    "memberships",
    _("Members of partnerships"),
    _("Which partners belong to a partnership besides its lead, with their roles and dates."),
    lambda: Membership.objects.with_public().with_public("organisation"),
    (
        ID,
        *PARTNERSHIP,
        *reference("partner", _("The member."), "King's College London", "partners", "organisation", is_required=True),
        *ROLE,
        Column("note", "note", _("What it does in it."), "Trains the physicists."),
        BEGAN,
        ENDED,
        *SOURCE,
    ),
)

AGREEMENTS = Dataset(
    "agreements",
    _("Agreements"),
    _("What the partners signed: memoranda of understanding, contracts, fellowships, service agreements."),
    lambda: Agreement.objects.with_public(),
    (
        ID,
        *PARTNERSHIP,
        Column("name", "name", _("What it is called."), "Second contract to train physicists", is_required=True),
        *kinds(Agreement.Kind, "memorandum"),
        Column("summary", "summary", _("What it says."), "Six physicists are trained each year."),
        Column("signed", "signed_on", _("When it was signed."), "2017-05-12", Datatype.PARTIAL_DATE),
        Column("ended", "ended_on", _("When it ends or ended."), "2022", Datatype.PARTIAL_DATE),
        Column("renewal_due", "renewal_due_on", _("When it is due to be renewed."), "2022", Datatype.PARTIAL_DATE),
        *reference(
            "document",
            _("The paper itself, among the sources."),
            "Memorandum of 2017",
            "sources",
            lambda row: row.document if row.document is not None and row.document.is_published else None,
        ),
        *SOURCE,
    ),
)

SHARED_PRIORITIES = Dataset(
    "shared-priorities",
    _("What partners put first"),
    _("What the partners of a partnership have agreed to put first."),
    lambda: PartnershipPriority.objects.with_public(),
    (
        ID,
        *PARTNERSHIP,
        POSITION,
        Column("name", "name", _("What they put first."), "Healthy minds", is_required=True),
        Column("text", "text", _("More about it."), "Help for people before they are ill."),
        *SOURCE,
    ),
)

PARTNERSHIPS = Dataset(
    "partnerships",
    _("Partnerships"),
    _("Lasting ways of working together: who belongs to them, and since when."),
    lambda: Partnership.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *kinds(Partnership.Kind, "clinical-network"),
        *choice("scope", Partnership.Scope, "local", _("How far it reaches, as a code that stays.")),
        *reference("lead", _("The organisation that leads it."), "King's Health Partners", "partners"),
        Column(
            "members",
            lambda record: [with_role(membership) for membership in record.its_memberships],
            _("The other partners, each with its role."),
            "King's College London (Founding member)",
            has_many=True,
        ),
        Column(
            "member_ids",
            lambda record: [membership.organisation.uuid for membership in record.its_memberships],
            _("The same by their identifiers, in the same order."),
            ID.example,
            Datatype.IDENTIFIER,
            has_many=True,
            refers_to="partners",
            path="memberships__organisation",
        ),
        BEGAN,
        ENDED,
        *AREAS,
        Column(
            "people_served",
            "population_served",
            _("How many people live in the area."),
            "2600000",
            Datatype.WHOLE_NUMBER,
        ),
        Column("who_they_are", "population_note", _("Who these people are."), "people in West Yorkshire"),
        *reference("part_of", _("A wider partnership to which it belongs."), "Our Healthier SEL", "partnerships"),
        *AIMS,
        description(_("What the partners do together, and why, in Markdown.")),
        Column("governance", "governance", _("Who decides, in Markdown."), "A board meets **each quarter**."),
        *SOURCES,
        *LAST,
    ),
    "partnership-list",
    (
        Part("memberships", MEMBERSHIPS, "partnership"),
        Part("agreements", AGREEMENTS, "partnership"),
        Part("priorities", SHARED_PRIORITIES, "partnership"),
    ),
)
