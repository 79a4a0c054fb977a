"""Filters that every template may use without loading them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from trustportal.design.markdown import to_html

register = template.Library()


@register.filter
def markdown(text: str, top: int = 2) -> SafeString:
    """Show an editor's Markdown; its highest heading becomes h`top`."""
    return mark_safe(to_html(text, top))  # noqa: S308  cleaned by nh3


@register.filter
def link(record: object) -> str:
    """Show the name of a record, linked to its page where it has one; nothing of a draft."""
    if not hasattr(record, "get_absolute_url"):
        return record.name  # an area: reference data has no page
    if not record.is_published:
        return record.name if record.may_be_named else ""
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.name)


@register.filter
def lower_first(text: str) -> str:
    """Begin with a small letter, for a name in the middle of a sentence; leaves abbreviations as they are."""
    text = str(text)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def begins_with(text: str, beginning: str) -> bool:
    """Whether a text begins with another, for the menu: /partners/x/ belongs to /partners/."""
    return str(text).startswith(str(beginning))
