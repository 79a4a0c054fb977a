"""What templates need to put linked data into a page. They may use it without loading it."""

from collections.abc import Iterable, Mapping

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from trustportal.opendata.linked import Node, as_block, breadcrumbs

register = template.Library()


@register.filter
def data_block(data: Mapping[str, object]) -> SafeString:
    """Show data as the content of a data block."""
    return as_block(data)


@register.simple_tag
def breadcrumb_data(address: str = "", label: object = "", levels: Iterable[tuple[str, object]] = ()) -> Node:
    """The breadcrumbs of a page as data: the home page, then one level, or some, or none."""
    one = [(address, label)] if address else []
    return breadcrumbs([(reverse("home"), _("Home")), *levels, *one])
