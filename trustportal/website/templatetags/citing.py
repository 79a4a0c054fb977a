"""How templates say how a page is cited."""

from django import template
from django.template import Context
from django.urls import reverse

from trustportal.opendata.citing import FORMS
from trustportal.publishing.models import Publishable
from trustportal.website.identity import citation_of, identity_of

register = template.Library()


@register.inclusion_tag("components/cite.html", takes_context=True)
def cite(context: Context, record: Publishable) -> dict[str, object]:
    """How the page of a record is cited, with the files for reference managers."""
    files = [(form.label, reverse("citation", args=[record.uuid, ending])) for ending, form in FORMS.items()]
    return {"text": citation_of(record, context["portal"]).text, "files": files}


@register.inclusion_tag("components/cite_as.html")
def cite_as(record: Publishable) -> dict[str, object]:
    """The address that stays, for the head of the page of a record."""
    return {"address": identity_of(record)}
