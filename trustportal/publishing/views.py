"""The page of one published record, and what its address answers when there is none."""

from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from trustportal.publishing.models import SHOWN_PER_PAGE, FormerSlug, Publishable, State
from trustportal.publishing.updates import updates_of


def renamed(model: type[Publishable], slug: str) -> Publishable | None:
    """The record that once had an address; None where there is none that may be named."""
    kind = ContentType.objects.get_for_model(model)
    former = FormerSlug.objects.filter(content_type=kind, slug=slug).first()
    record = model.objects.live().filter(pk=former.object_id).first() if former else None
    return record if record and record.may_be_named else None


def answer_without_record(request: HttpRequest, model: type[Publishable], slug: str) -> HttpResponse:
    """Lead a former address to the present one, with the same ending; say that a record was withdrawn, and why.

    Raises Http404 otherwise.
    """
    if record := renamed(model, slug):
        return HttpResponsePermanentRedirect(_present_address(request, record))
    withdrawn = model.objects.live().filter(slug=slug, state=State.WITHDRAWN).first()
    if withdrawn:
        return render(request, "errors/withdrawn.html", {"record": withdrawn}, status=410)
    raise Http404(_("There is no page at this address."))


def _present_address(request: HttpRequest, record: Publishable) -> str:
    """What was asked for, under the present address of the record."""
    asked = request.resolver_match
    if asked is None or "slug" not in asked.kwargs:
        return record.get_absolute_url()
    address = reverse(asked.view_name, kwargs={**asked.kwargs, "slug": record.slug})
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address


class RecordDetail(DetailView):
    """The page of one published record. Lists of other records on it are bounded and lead on to the rest."""

    extra_context: ClassVar = {"shown_per_page": SHOWN_PER_PAGE}
    feed_name = ""  # of the address under which what is new about the record is told, where there is one

    def get_queryset(self) -> QuerySet:
        """The published records with what the page needs, as their QuerySet says in `for_page()`."""
        return self.model.objects.published().for_page().with_lacking()

    def get(self, request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
        """Show the record, or answer for its absence."""
        self.object = self.get_queryset().filter(slug=slug).first()
        if self.object is None:
            return answer_without_record(request, self.model, slug)
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The record's updates, where to follow them, and room for the partners who confirmed it."""
        feed = reverse(self.feed_name, args=[self.object.slug]) if self.feed_name else ""
        context = {"updates": updates_of(self.object), "feed": feed, "confirmations": ()}
        return super().get_context_data(**kwargs) | context
