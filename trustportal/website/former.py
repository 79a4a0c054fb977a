"""What an address answers that names a record as it was called before, or one that was withdrawn."""

from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from trustportal.opendata.forms import refusal
from trustportal.publishing.models import Publishable
from trustportal.publishing.views import record_behind


def present(model: type[Publishable], slug: str) -> Publishable | None:
    """The record that a slug names: the published one that has it, otherwise the one that had it once, or the
    withdrawn one that has it. None where there is none that may be named. At most five queries."""
    if not slug_re.match(slug):
        return None
    return model.objects.published().filter(slug=slug).first() or record_behind(model, slug)


def public_or_404(model: type[Publishable], slug: str) -> Publishable:
    """The published record that has a slug, or had it once. Raises Http404, also for what is no slug."""
    record = present(model, slug)
    if record is None or not record.is_published:
        raise Http404(_("There is no such record."))
    return record


def say_withdrawn(request: HttpRequest, record: Publishable, ending: str = "") -> HttpResponse:
    """Say that a record was withdrawn, and why: on a page, or in the form that has the ending."""
    if not ending:
        return render(request, "errors/withdrawn.html", {"record": record}, status=410)
    return refusal(ending, 410, _("This page was withdrawn"), detail=record.withdrawal_reason, see=record.see_instead)
