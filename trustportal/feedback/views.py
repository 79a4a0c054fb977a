"""The form behind "Is this page useful?", on a page of its own, so that the pages people read set no cookie."""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
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


def page_asked_about(said: QueryDict) -> str:
    """The page that a link or a form names, where it is one of ours; the home page otherwise."""
    page = said.get("page", "/")
    return page if is_page_of_ours(page) else "/"


@never_cache
def give_feedback(request: HttpRequest) -> HttpResponse:
    """Show the form, or keep the answer."""
    if request.method != "POST":
        about = page_asked_about(request.GET)
        form = PageFeedbackForm(initial={"page": about, "is_useful": request.GET.get("useful")})
        return render(request, "feedback/form.html", {"form": form, "about": about})
    about = page_asked_about(request.POST)
    form = PageFeedbackForm(request.POST)
    if not form.is_valid():
        return render(request, "feedback/form.html", {"form": form, "about": about}, status=422)
    if is_too_many(request):
        form.add_error(
            None, _("Many answers came from your network in the last minutes. Please try again in ten minutes.")
        )
        return render(request, "feedback/form.html", {"form": form, "about": about}, status=429)
    if not form.is_trapped:
        form.save()
    return redirect(f"{reverse('feedback-thanks')}?{urlencode({'page': form.cleaned_data['page']})}")


@never_cache
def thank_you(request: HttpRequest) -> HttpResponse:
    """Say thank you and lead back to the page."""
    return render(request, "feedback/thanks.html", {"about": page_asked_about(request.GET)})
