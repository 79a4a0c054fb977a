"""Where a partner without an account reads a page that names it, and answers.

The address is a secret, so nothing keeps it and no page repeats it.
"""

import copy
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships import confirmations
from partnerships.confirmation_forms import AnswerForm, sections_of
from partnerships.models import Confirmation
from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable
from trustportal.publishing.preview import Preview, page_of
from trustportal.publishing.snapshot import digest

# Neither tells anybody the address. The page with the form needs the second: with "no-referrer" browsers send the form
# as from an unknown site ("Origin: null"), and it would be refused as a forgery.
NO_REFERRER, SITE_ALONE = "no-referrer", "strict-origin"


def secret(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The headers of a page at a secret address."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response.setdefault("Referrer-Policy", NO_REFERRER)
        return response

    return answer


def _say(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """A page without a form, which does not know its own address."""
    shown = copy.copy(request)
    shown.path = shown.path_info = reverse("confirmation-thanks")
    return render(shown, template, context, status=status)


@secret
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page with the question, or take the answer."""
    confirmation = Confirmation.objects.select_related("organisation").of_token(token)
    if confirmation is None:
        return _say(request, "errors/404.html", 404)
    if confirmation.answer:
        return _say(request, "partnerships/confirmation_answered.html", 200, confirmation=confirmation)
    found = confirmations.reading(confirmation) if confirmation.is_open(timezone.now()) else None
    if found is None:
        return _say(request, "partnerships/confirmation_closed.html", 410)
    text, data = found
    typed = request.POST if request.method == "POST" else None
    form = AnswerForm(confirmation, sections_of(type(text), data), digest(data), typed)
    if typed is not None and form.is_valid():
        try:
            confirmations.answer(
                confirmation,
                answer=form.cleaned_data["answer"],
                name=form.cleaned_data["name"],
                comments=form.comments,
                read=form.cleaned_data["read"],
            )
        except (confirmations.TextChanged, workflow.NotReady) as error:
            form.add_error(None, str(error))
        except workflow.WrongState:  # somebody answered, cancelled or withdrew it in this moment
            return redirect(confirmation.get_address())
        else:
            return redirect("confirmation-thanks")
    return _page_with_question(request, text, form)


def _page_with_question(request: HttpRequest, text: Publishable, form: AnswerForm) -> HttpResponse:
    confirmation = form.confirmation
    words = _("Is this page right? Read it as %(partner)s, then answer at the foot of the page, by %(date)s.") % {
        "partner": confirmation.organisation,
        "date": date_format(timezone.localtime(confirmation.expires_at), "j F Y"),
    }
    if form.errors:
        words = _("Your answer has not been sent yet. The foot of the page says why.")
    preview = Preview(
        text,
        words,
        heading=_("A question to you about this page"),
        form=form,
        template="partnerships/_confirmation_form.html",
    )
    response = page_of(request, text, preview)
    if form.errors and response.status_code == 200:
        response.status_code = 422
    response["Referrer-Policy"] = SITE_ALONE
    return response


@secret
def thank_you(request: HttpRequest) -> HttpResponse:
    """Say thank you, and what happens next."""
    return render(request, "partnerships/confirmation_thanks.html")
