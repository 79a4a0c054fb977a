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


def record_behind(model: type[Publishable], slug: str) -> Publishable | None:
    """The record that had a slug once and may be named, or that has it and was withdrawn; None where there is none."""
    kind = ContentType.objects.get_for_model(model)
    former = FormerSlug.objects.filter(content_type=kind, slug=slug).first()
    record = model.objects.live().filter(pk=former.object_id).first() if former else None
    if record and record.may_be_named:
        return record
    return model.objects.live().filter(slug=slug, state=State.WITHDRAWN).first()


def address_with_ending(request: HttpRequest, slug: str, record: Publishable) -> str:
    """The address of a record, with the ending that the request has behind a former slug: ".json", "/embed/"."""
    ending = request.path.rpartition(f"/{slug}")[2]
    return record.get_absolute_url().removesuffix("/") + (ending or "/")


def answer_without_record(request: HttpRequest, model: type[Publishable], slug: str) -> HttpResponse:
    """Lead a former address to the present one; say that a record was withdrawn, and why. Raises Http404 otherwise."""
    record = record_behind(model, slug)
    if record is None:
        raise Http404(_("There is no page at this address."))
    if record.slug != slug:
        return HttpResponsePermanentRedirect(address_with_ending(request, slug, record))
    return render(request, "errors/withdrawn.html", {"record": record}, status=410)


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
