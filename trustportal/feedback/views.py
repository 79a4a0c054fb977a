"""The form behind "Is this page useful?", on a page of its own, so that the pages people read set no cookie."""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from trustportal.feedback.forms import PageFeedbackForm, is_page_of_ours

MOST_IN_A_WHILE = 10
A_WHILE = 10 * 60  # seconds


def is_too_many(request: HttpRequest) -> bool:
    """Count an answer from this address; whether there were too many in a while.

    The address is kept only as a keyed digest that changes daily, only in the cache, and only for the while.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    seen = f"{timezone.localdate()}|{address}".encode()
    key = "feedback-" + hmac.new(settings.SECRET_KEY.encode(), seen, hashlib.sha256).hexdigest()
    cache.add(key, 0, A_WHILE)
    return cache.incr(key) > MOST_IN_A_WHILE


@never_cache
def give_feedback(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep the answer."""
    if request.method != "POST":
        first = {"page": request.GET.get("page", "/"), "is_useful": request.GET.get("useful")}
        if not is_page_of_ours(first["page"]):
            first["page"] = "/"
        return render(request, "feedback/form.html", {"form": PageFeedbackForm(initial=first), "about": first["page"]})
    if any("\0" in text for text in request.POST.values()):
        raise BadRequest  # no browser sends it, no database keeps it, no page can show it
    form = PageFeedbackForm(request.POST)
    if not form.is_valid():
        about = request.POST.get("page", "/")
        return render(request, "feedback/form.html", {"form": form, "about": about}, status=422)
    if is_too_many(request):
        form.add_error(
            None, _("Many answers came from your network in the last minutes. Please try again in ten minutes.")
        )
        return render(request, "feedback/form.html", {"form": form, "about": form.cleaned_data["page"]}, status=429)
    if not form.is_trapped:
        form.save()
    return redirect(f"{reverse('feedback-thanks')}?{urlencode({'page': form.cleaned_data['page']})}")


@never_cache
def thank_you(request: HttpRequest) -> HttpResponse:
    """Say thank you and lead back to the page."""
    page = request.GET.get("page", "/")
    return render(request, "feedback/thanks.html", {"about": page if is_page_of_ours(page) else "/"})
