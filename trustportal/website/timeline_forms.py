"""The form with which readers choose what a timeline shows."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, Partnership
from programmes.models import Programme
from trustportal.partial_date import PartialDate, PartialDateFormField
from trustportal.website.former import public_or_404
from trustportal.website.timeline import Choice, kinds

RECORDS: dict[str, type[Model]] = {"partner": Organisation, "partnership": Partnership, "programme": Programme}
ORDERS = ("newest", "oldest")
LONGEST = 40  # letters: no date has more


class TimeForm(forms.Form):
    """From when and until when."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, label in [("from", _("From")), ("to", _("To"))]:  # "from" cannot be written as an attribute
            self.fields[name] = PartialDateFormField(label=label, required=False)

    def clean(self) -> dict[str, PartialDate | None]:
        """What ends does not end before it begins."""
        cleaned = super().clean()
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and last.latest < first.earliest:
            self.add_error("to", ValidationError(_now("“To” is before “From”. Write a later date, or none.")))
        return cleaned


def chosen(query: QueryDict) -> tuple[Choice, TimeForm]:
    """What an address asks for. Raises Http404 for a record or a kind that there is not."""
    # Calendar programs go on asking under the former address of a record.
    records = {name: public_or_404(model, query[name]) for name, model in RECORDS.items() if query.get(name)}
    if len(records) > 1:
        raise Http404(_now("A timeline is of one partner, one partnership or one programme."))
    names = [kind for kind in query.getlist("kind") if kind]
    if not set(names) <= set(kinds()) or query.get("order", "newest") not in ORDERS:
        raise Http404(_now("There is no such kind of event."))
    form = TimeForm({name: query.get(name, "")[:LONGEST] for name in ("from", "to")})
    form.is_valid()
    time = {"first": form.cleaned_data.get("from"), "last": form.cleaned_data.get("to")}
    some = tuple(kind for kind in kinds() if kind in names)
    return Choice(**records, **time, kinds=some if len(some) < len(kinds()) else ()), form
