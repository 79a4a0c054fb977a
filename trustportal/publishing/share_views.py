"""What a share link opens."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustportal.publishing.models import ShareLink
from trustportal.publishing.preview import Preview, page_of


def shared_preview(request: HttpRequest, token: str) -> HttpResponse:
    """A draft or a change, for whoever has the link; 410 once it has ended, 404 where it was never given out."""
    link = ShareLink.objects.of_token(token)
    if link is None:
        raise Http404(_("There is no page at this address."))
    record = link.record
    if record is None or not record.is_in_work or not link.works(timezone.now()):
        address = record.itself.get_absolute_url() if record and record.itself.is_published else ""
        response = render(request, "publishing/link_ended.html", {"address": address}, status=410)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
    else:
        until = date_format(timezone.localtime(link.expires_at), "j F Y, H:i")
        words = _("You were given a link to it. The link works until %(time)s. The text may still change.")
        response = page_of(request, record, Preview(record, words % {"time": until}))
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
