"""The form with which a partner answers, and the sections of a page that it can comment on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import Confirmation
from partnerships.models.confirmation import LONGEST_COMMENT
from trustportal.publishing.models import Part, Publishable
from trustportal.publishing.snapshot import versioned_fields, versioned_parts


@dataclass(frozen=True)
class Section:
    """A section of a record's page: under which name the form knows it, what it is called, whether it says anything."""

    key: str
    label: str
    is_filled: bool


def _kinds_of(part: type[Part]) -> Iterator[type[Part]]:
    """Where rows of several kinds share one table: the model of each kind."""
    for model in part.__subclasses__():
        if hasattr(model, "of_kind"):
            yield model
        yield from _kinds_of(model)


def sections_of(model: type[Publishable], data: dict) -> list[Section]:
    """All that the page of a kind of record can have, from top to bottom. data is the record's text, see snapshot."""
    found = [Section("summary", _now("Name and summary"), True)]
    for field in versioned_fields(model):
        if isinstance(field, models.TextField) and field.name != "summary":
            found.append(Section(field.name, capfirst(field.verbose_name), bool(data["fields"][field.name])))
    for name, key in versioned_parts(model).items():
        rows = data["parts"][name]
        kinds = list(_kinds_of(key.model))
        for kind in kinds:
            is_filled = any(row["fields"]["kind"] == kind.of_kind for row in rows)
            found.append(Section(f"{name}_{kind.of_kind}", capfirst(kind._meta.verbose_name_plural), is_filled))
        if not kinds:
            options = key.model._meta
            label = options.verbose_name if key.one_to_one else options.verbose_name_plural
            found.append(Section(name, capfirst(label), bool(rows)))
    return [*found, Section("rest", _now("Dates, places and anything else"), True)]


class CommentField(forms.CharField):
    """What a partner says about one section. A new line counts as one character, as it does in the browser."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        """The text with plain line ends."""
        return super().to_python(value).replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """One answer of a partner, with a box for each section of the page that says something."""

    answer = forms.ChoiceField(
        label=_("Is this page right?"),
        choices=Confirmation.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers.")},
    )
    name = forms.CharField(
        label=_("Your name and post"),
        max_length=Confirmation._meta.get_field("answered_by").max_length,
        error_messages={"required": _("Write your name and post.")},
    )
    read = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, confirmation: Confirmation, sections: list[Section], read: str, typed: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(typed)
        self.confirmation = confirmation
        self.digest = read  # of the text that is on the page now
        self.sections = {}
        for section in sections:
            name = f"comment_{section.key}"
            # What was typed about a section stays, even if the section has gone from the page meanwhile.
            if section.is_filled or (typed and typed.get(name, "").strip()):
                self.sections[name] = section.label
                too_long = _now("%(section)s: write at most %(most)d characters.")
                self.fields[name] = CommentField(
                    label=section.label,
                    max_length=LONGEST_COMMENT,
                    required=False,
                    error_messages={"max_length": too_long % {"section": section.label, "most": LONGEST_COMMENT}},
                )
        self.order_fields(["answer", *self.sections, "name"])  # as on the page, for the list of errors

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The boxes for comments, in the order of the page."""
        return [self[name] for name in self.sections]

    @property
    def comments(self) -> list[tuple[str, str]]:
        """What was said, as pairs of section and text."""
        said = [(label, self.cleaned_data.get(name, "")) for name, label in self.sections.items()]
        return [(label, text) for label, text in said if text]

    def clean(self) -> dict[str, object]:
        """The comments fit the answer."""
        cleaned = super().clean()
        has_comments = bool(self.comments) or any(name in self.errors for name in self.sections)
        if cleaned.get("answer") == Confirmation.Answer.COMMENTED and not has_comments:
            self.add_error(next(iter(self.sections)), _("Write what should change, in at least one box."))
        if cleaned.get("answer") == Confirmation.Answer.CONFIRMED and has_comments:
            words = _("You wrote that something should change. Choose “Something should change”, or empty the boxes.")
            self.add_error("answer", words)
        return cleaned
