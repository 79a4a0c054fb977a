"""How templates say how a page is cited."""

import datetime

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from trustportal.opendata.citing import FORMS
from trustportal.opendata.dataset import Dataset
from trustportal.publishing.models import Publishable
from trustportal.website.identity import citation_of, citation_of_dataset, identity_of

register = template.Library()


@register.inclusion_tag("components/cite.html", takes_context=True)
def cite(context: Context, record: Publishable) -> dict[str, object]:
    """How the page of a record is cited, with the files for reference managers."""
    files = [(form.label, reverse("citation", args=[record.uuid, ending])) for ending, form in FORMS.items()]
    return {"title": _("Cite this page"), "text": citation_of(record, context["portal"]).text, "files": files}


@register.inclusion_tag("components/cite.html", takes_context=True)
def cite_dataset(context: Context, dataset: Dataset, changed_at: datetime.datetime) -> dict[str, object]:
    """How a set of data is cited, with the files for reference managers."""
    files = [(form.label, reverse("dataset-citation", args=[dataset.name, ending])) for ending, form in FORMS.items()]
    text = citation_of_dataset(dataset, changed_at, context["portal"]).text
    return {"title": _("Cite this dataset"), "text": text, "files": files}


@register.inclusion_tag("components/cite_as.html")
def cite_as(record: Publishable) -> dict[str, object]:
    """The address that stays, for the head of the page of a record."""
    return {"address": identity_of(record)}
