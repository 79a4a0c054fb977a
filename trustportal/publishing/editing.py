"""How editors fill in records and their parts: forms that hold every rule, look-ups by typing, numbered rows."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trustportal.partial_date import PartialDateField
from trustportal.publishing import workflow
from trustportal.publishing.models import Part, Publishable

LARGEST_NUMBER = 999
MOST_ROWS = 300  # of one kind: as many as a form can send (DATA_UPLOAD_MAX_NUMBER_FIELDS), so that none makes more work


class KnownLabel:
    """A look-up that takes the label of what is chosen from rows already read, instead of one query for each box."""

    known: tuple[models.Model, ...] = ()

    def optgroups(self, name: str, value: list, attr: object = None) -> list:
        """What is chosen now, as options."""
        labels = {str(row.pk): self.choices.field.label_from_instance(row) for row in self.known}
        chosen = [str(one) for one in value if str(one) not in self.choices.field.empty_values]
        if not set(chosen) <= set(labels):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required or self.allow_multiple_selected else [("", "")]
        options += [(one, labels[one]) for one in chosen]
        return [
            (
                None,
                [self.create_option(name, key, label, key in chosen, at) for at, (key, label) in enumerate(options)],
                0,
            )
        ]


class LookUp(KnownLabel, AutocompleteSelect):
    """Choose one row by typing."""


class LookUpSeveral(KnownLabel, AutocompleteSelectMultiple):
    """Choose several rows by typing."""


class LongText(forms.CharField):
    """A box for a text of several lines, which browsers end in their own way: what nobody touched has not changed."""

    def to_python(self, value: object) -> str:
        """The text with the one sort of line ends that the database has."""
        return super().to_python(value).replace("\r\n", "\n")


class RuleForm(forms.ModelForm):
    """A form that holds every rule of its row, those that rest on fields outside the form too.

    Django's own form leaves such rules to the database, and the editor with a server error.
    """

    rules_leave_out: frozenset[str] = frozenset()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, KnownLabel) and self.instance.pk:
                chosen = getattr(self.instance, name)
                widget.known = tuple(chosen.all()) if isinstance(widget, LookUpSeveral) else (chosen,) if chosen else ()
                # What somebody else chose stays, also where this person could not choose it.
                field.queryset |= field.queryset.model._default_manager.filter(pk__in=[row.pk for row in widget.known])

    def _post_clean(self) -> None:
        """Check the row against its model. An old row that nobody touched was checked when it was saved."""
        if not self.instance.pk or self.has_changed():
            super()._post_clean()

    def validate_unique(self) -> None:
        """Check the rules of the table that Django has passed over."""
        super().validate_unique()
        model = self.instance._meta.concrete_model
        left_out = {*self.errors, *self.rules_leave_out}
        said = {words for errors in self.errors.as_data().values() for error in errors for words in error.messages}
        for rule in model._meta.constraints:
            try:
                rule.validate(model, self.instance, exclude=left_out)
            except ValidationError as error:
                if not said.issuperset(error.messages):
                    own = list(getattr(rule, "fields", ()))
                    self.add_error(own[0] if len(own) == 1 and own[0] in self.fields else None, error)


def small_correction_box() -> forms.BooleanField:
    """The box with which a publisher says that a change is no news."""
    return forms.BooleanField(
        label=_("Small correction: do not change the date of the last update"),
        required=False,
        help_text=_(
            "Tick it for a spelling mistake or a broken link. Readers then see the date of the last real change."
        ),
    )


class PublishableForm(RuleForm):
    """The form of a record or of a working copy."""

    faults: list[str] = []  # found when the record was last saved as a whole, with its parts
    newer_save: object = None  # a text that somebody saved after this form had been opened

    # The save that the person saw, so that nobody saves over a newer one unawares.
    opened_at = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "opened_at" in self.fields:
            self.initial["opened_at"] = self.instance.edit_number

    def clean(self) -> dict[str, object]:
        """Say what was wrong with the whole, and what somebody else saved meanwhile."""
        cleaned = super().clean()
        for fault in self.faults:
            self.add_error(None, fault)
        if self.newer_save:
            self.add_error(None, self.newer_save.words)
        elif self.instance.pk and cleaned.get("opened_at") != self.instance.edit_number:
            self.add_error(None, _("Somebody saved a newer text just now. Save again to see what changed."))
        return cleaned

    @property
    def changes_record(self) -> bool:
        """Whether anything was typed that belongs to the record itself."""
        return bool(set(self.changed_data) - {"opened_at"})


class LiveChoices:
    """For admins and inlines: every relation is looked up by typing, among live rows alone.

    So no page grows with the tables behind it, and nobody can choose a working copy.
    """

    formfield_overrides = {
        models.TextField: {"form_class": LongText},
        PartialDateField: {"widget": forms.TextInput(attrs={"size": 16})},
        models.URLField: {"assume_scheme": "https"},
    }

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """All relations."""
        options = self.model._meta
        return [
            field.name for field in [*options.fields, *options.many_to_many] if field.remote_field and field.editable
        ]

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: object) -> object:
        """A text that is kept short gets a small box. No form deletes what it only points at."""
        if isinstance(db_field, models.TextField) and db_field.max_length:
            kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 3}))
        box = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(box, "widget", None), RelatedFieldWidgetWrapper):
            box.widget.can_delete_related = False
        return box

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: object) -> object:
        """One row, found by typing."""
        kwargs.setdefault("widget", LookUp(db_field, self.admin_site, using=kwargs.get("using")))
        kwargs.setdefault("queryset", rows_for(request, db_field.remote_field.model))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: object
    ) -> object:
        """Several rows, found by typing."""
        kwargs.setdefault("widget", LookUpSeveral(db_field, self.admin_site, using=kwargs.get("using")))
        kwargs.setdefault("queryset", rows_for(request, db_field.remote_field.model))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def rows_for(request: HttpRequest, model: type[models.Model]) -> QuerySet:
    """All rows that the person may see, but working copies."""
    if issubclass(model, Publishable):
        return model.objects.live().visible_to(request.user)
    return model._default_manager.all()


def prefix_of(accessor: str, rows: type[models.Model]) -> str:
    """Under which name a list stands in the form of its record.

    No other list has it, whichever stand beside it: several proxies share the relation, so each adds its own name.
    """
    return f"{accessor}_{rows._meta.model_name}" if rows._meta.proxy else accessor


class PartFormSet(forms.BaseInlineFormSet):
    """Rows that belong to a record or to a working copy."""

    @classmethod
    def get_default_prefix(cls) -> str:
        """The name of the list in the form."""
        return prefix_of(super().get_default_prefix(), cls.model)

    def _construct_form(self, i: int, **kwargs: object) -> forms.ModelForm:
        """What must be unique among the rows of live records is marked as theirs; that of a working copy is not."""
        form = super()._construct_form(i, **kwargs)
        if hasattr(form.instance, "is_live"):
            form.instance.is_live = not self.instance.is_change
        return form


class PartInline(LiveChoices):
    """The rows that belong to a record. Mix it into a tabular or a stacked inline."""

    model: type[Part]
    form = RuleForm
    formset = PartFormSet
    extra = 0
    max_num = MOST_ROWS
    needed: tuple[str, ...] = ()  # fields that the model leaves open and this kind of row needs

    def get_formset(self, request: HttpRequest, obj: Publishable | None = None, **kwargs: object) -> type:
        """The rows; a forged number of them is not believed."""
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS, **kwargs})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows with all that their boxes show, in a fixed number of queries."""
        options = self.model._meta
        return (
            super()
            .get_queryset(request)
            .select_related(*(field.name for field in options.fields if field.remote_field))
            .prefetch_related(*(field.name for field in options.many_to_many))
        )

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: object) -> object:
        """Mark what this kind of row needs, and keep the row free of links that lead away from it."""
        if db_field.name in self.needed:
            kwargs["required"] = True
        box = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(box, "widget", None), RelatedFieldWidgetWrapper):
            box.widget.can_add_related = box.widget.can_change_related = box.widget.can_view_related = False
        return box

    def has_view_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who may see rows of this kind."""
        return workflow.may(request.user, "view", self.model) or workflow.may(request.user, "change", self.model)

    def has_add_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who may add rows of this kind. Whether the record may be changed, the record's admin decides."""
        return workflow.may(request.user, "add", self.model)

    def has_change_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who may change rows of this kind."""
        return workflow.may(request.user, "change", self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who may delete rows of this kind."""
        return workflow.may(request.user, "delete", self.model)


class NumberedForm(RuleForm):
    """The form of a row in a numbered list. The number typed says where the row goes; the formset counts anew."""

    rules_leave_out = frozenset({"position"})

    number = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        help_text=_(
            "Its place in the list. Leave it empty to put the row at the end. Rows are counted anew when you save."
        ),
        widget=forms.NumberInput(attrs={"class": "row-number"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["number"] = self.instance.position

    @property
    def place(self) -> tuple[int, int]:
        """What to sort by. A row moved up goes before the one that has its number, a row moved down after it."""
        number, was = self.cleaned_data.get("number"), self.initial.get("number")
        if number is None:
            return LARGEST_NUMBER + 1, 0
        if was is None:
            return number, -1
        return number, (number > was) - (number < was)


class NumberedFormSet(PartFormSet):
    """Rows that are counted 1, 2, 3 in the order of the numbers typed."""

    def save(self, commit: bool = True) -> list[models.Model]:
        """Count the rows anew and save them.

        No two rows of a list may share a number, not even between two statements of a transaction. So where an old row
        moves, all old rows first go beyond the end of the list.
        """
        rows = self._in_order()
        old = [row for row in rows if row.pk]
        moves = any(row.pk and row.position != at for at, row in enumerate(rows, start=1))
        if moves:
            beyond = max([len(rows), *(row.position for row in self.get_queryset())]) + 1
            for at, row in enumerate(old, start=beyond):
                row.position = at
            self.model._base_manager.bulk_update(old, ["position"])
        for at, row in enumerate(rows, start=1):
            row.position = at
        saved = super().save(commit=commit)
        if moves:
            self.model._base_manager.bulk_update(old, ["position"])
        return saved

    def _in_order(self) -> list[models.Model]:
        """The rows that stay, in order. Rows that somebody else added since the page was opened come last."""
        kept = [
            form for form in self.forms if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        shown = {form.instance.pk for form in self.initial_forms}
        others = [row for row in self.get_queryset() if row.pk not in shown]
        return [form.instance for form in sorted(kept, key=lambda form: form.place)] + others


class NumberedInline(PartInline):
    """The rows of a numbered list."""

    form = NumberedForm
    formset = NumberedFormSet
    ordering = ("position",)

    @admin.display(description=_("number"))
    def number(self, row: models.Model) -> int:
        """The row's number, for those who may only look."""
        return row.position
