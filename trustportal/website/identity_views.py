"""What the addresses that stay answer."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from trustportal.opendata.citing import FORMS
from trustportal.opendata.freshness import if_new
from trustportal.opendata.openness import open_to_all
from trustportal.website.identity import citation_of, record_of
from trustportal.website.models import Portal


@open_to_all
def identity(request: HttpRequest, identifier: UUID, ending: str = "") -> HttpResponseBase:
    """Lead to the present page of a record; with an ending, say how it is cited. 410 once it was withdrawn.

    Source: 303 says that the page tells of what the address names (W3C, Cool URIs for the Semantic Web).
    """
    record = record_of(identifier)
    if record is None:
        raise Http404(_("There is nothing of this identifier."))
    if not record.is_published:
        return render(request, "errors/withdrawn.html", {"record": record}, status=410)
    if not ending:
        return HttpResponse(status=303, headers={"Location": record.get_absolute_url()})
    form = FORMS[ending]
    response = HttpResponse(form.write(citation_of(record, Portal.objects.current())), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{record.slug}.{ending}"'
    return if_new(request, response)
