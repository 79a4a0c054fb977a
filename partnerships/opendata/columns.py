"""The columns that many datasets have: how a record is named, where it is, when it changed, to what it leads."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.enums import Choices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.models import Role
from trustportal.opendata.dataset import Column, Datatype, Words
from trustportal.publishing.models import Publishable

SOME_ID = "6f1f1c2e-3f0b-4b52-9a51-0d1e2c3b4a59"


def address_of(record: Publishable) -> str:
    """The whole address of a record's page."""
    return settings.SITE_URL + record.get_absolute_url()


def public(record: Model | None) -> str:
    """The name of another record, where pages name it; otherwise "". Reference data is named always."""
    return record.name if record is not None and getattr(record, "may_be_named", True) else ""


def public_id(record: Model | None) -> object:
    """The identifier of another record, where the public may read it; otherwise None."""
    return record.uuid if record is not None and getattr(record, "is_published", True) else None


ID = Column(
    "id",
    "uuid",
    _("What identifies the row for good, whatever its name and its address become."),
    SOME_ID,
    Datatype.IDENTIFIER,
    is_required=True,
)
NAME = Column("name", "name", _("What it is called."), "South East London Integrated Care Board", is_required=True)
ADDRESS = Column(
    "address",
    address_of,
    _("The page of the record on this portal. It stays, or leads to the new one."),
    "https://partnerships.example.nhs.uk/partners/kings-health-partners/",
    Datatype.ADDRESS,
    is_required=True,
)
SUMMARY = Column("summary", "summary", _("What it is, in one or two sentences."), "A network of four hospitals.")
FIRST_PUBLISHED = Column(
    "first_published",
    "first_published_at",
    _("When readers could first read the page."),
    "2026-03-02T12:00:00+00:00",
    Datatype.TIME,
    is_required=True,
)
UPDATED = Column(
    "updated",
    "updated_at",
    _("When the page last changed in what it says."),
    "2026-03-02T12:00:00+00:00",
    Datatype.TIME,
    is_required=True,
)
MODIFIED = Column(
    "modified",
    "modified_at",
    _("When anything of it last changed, a small correction or a new figure too."),
    "2026-03-02T12:00:00+00:00",
    Datatype.TIME,
    is_required=True,
)
REVIEWED = Column(
    "last_reviewed", "last_reviewed_on", _("When somebody last read the whole page."), "2026-03-02", Datatype.DATE
)
REVIEW_DUE = Column(
    "next_review_due", "next_review_due_on", _("When somebody should read it again."), "2027-03-02", Datatype.DATE
)


def public_sources(record: Any) -> list[Model]:
    """Those of its sources that the public may see, sorted out as in `CitedRecord.published_sources`."""
    return [source for source in record.its_sources if source.is_published]


SOURCES = (
    Column(
        "sources",
        lambda record: [source.name for source in public_sources(record)],
        _("The sources on which the page rests."),
        "Annual report 2018",
        has_many=True,
    ),
    Column(
        "source_ids",
        lambda record: [source.uuid for source in public_sources(record)],
        _("The same by their identifiers, in the same order."),
        SOME_ID,
        Datatype.IDENTIFIER,
        has_many=True,
        refers_to="sources",
        path="sources",
    ),
)
LAST = (SUMMARY, FIRST_PUBLISHED, UPDATED, MODIFIED, REVIEWED, REVIEW_DUE)
BEGAN = Column("began", "started_on", _("When it began, as far as it is known."), "2017-05", Datatype.PARTIAL_DATE)
ENDED = Column("ended", "ended_on", _("When it ended, as far as it is known."), "2019", Datatype.PARTIAL_DATE)
NOTE = Column("note", "note", _("What there is to say of it besides."), "Since the merger of both trusts.")
POSITION = Column(
    "position",
    "position",
    _("Its place in the list of which it is a part, counted from 1."),
    "2",
    Datatype.WHOLE_NUMBER,
    is_required=True,
)


def description(words: Words, example: str = "They look after **one** group of patients.") -> Column:
    """The column for the longer text of a page."""
    return Column("description", "description", words, example)


def displayed(name: str, codes: Iterable[tuple[str, Words]]) -> Callable[[Model], str]:
    """The label of a choice. (Django's own `get_…_display` goes through the labels of all choices for each record.)

    Labels are translated once for each language: that takes longer than all else about them.
    """
    labels: dict[str | None, dict[str, str]] = {}

    def label(record: Model) -> str:
        language = get_language()
        if language not in labels:
            labels[language] = {value: str(words) for value, words in codes}
        return labels[language].get(getattr(record, name), "")

    return label


def kinds(enumeration: type[Choices], example: str) -> tuple[Column, Column]:
    """The columns for the kind of a record: the value, and its name."""
    return choice("kind", enumeration, example, _("What sort it is, as a code that stays."))


def choice(name: str, enumeration: type[Choices], example: str, words: Words) -> tuple[Column, Column]:
    """The columns for a field with choices: the value, and its name."""
    codes = tuple((str(one.value), one.label) for one in enumeration)
    return (
        Column(name, name, words, example, codes=codes),
        Column(f"{name}_name", displayed(name, codes), _("The same in words."), str(enumeration(example).label)),
    )


def reference(
    name: str,
    words: Words,
    example: str,
    refers_to: str,
    source: str | Callable[[Any], Model | None] = "",
    *,
    is_required: bool = False,
) -> tuple[Column, Column]:
    """The columns for another record to which a row leads: its name, and its identifier.

    `source` is the foreign key, or a function that takes the row; the key is called like the column otherwise.
    """
    same = _("The same by its identifier.")
    same_or_none = _("The same by its identifier. Empty where there is none, or where it has no page on this portal.")
    found: Any = source if callable(source) else lambda row: getattr(row, source or name)
    return (
        Column(name, lambda row: public(found(row)), words, example, is_required=is_required),
        Column(
            f"{name}_id",
            lambda row: public_id(found(row)),
            same if is_required else same_or_none,
            SOME_ID,
            Datatype.IDENTIFIER,
            refers_to=refers_to,
            path=source if source and isinstance(source, str) else name,
            is_required=is_required,
        ),
    )


def references(
    name: str, one: str, words: Words, example: str, refers_to: str, source: Callable[[Any], Iterable[Model]]
) -> tuple[Column, Column]:
    """The columns for several public records to which a row leads: their names, and their identifiers."""
    return (
        Column(name, lambda row: [record.name for record in source(row)], words, example, has_many=True),
        Column(
            f"{one}_ids",
            lambda row: [record.uuid for record in source(row)],
            _("The same by their identifiers, in the same order."),
            SOME_ID,
            Datatype.IDENTIFIER,
            has_many=True,
            refers_to=refers_to,
            path=name,
        ),
    )


def cited(row: Model) -> Model | None:
    """The source of a statement, as pages name it: a published one alone."""
    return row.source if row.source is not None and row.source.is_published else None


SOURCE = reference(
    "source", _("The source of this statement, where it is not that of the page."), "Annual report", "sources", cited
)


ROLE_OF = displayed("role", Role.choices)


def with_role(row: Model) -> str:
    """A member or a partner with its role: "King's College London (Founding member)"."""
    return f"{row.organisation.name} ({ROLE_OF(row)})"
