"""The page of one published record, and what its address answers when there is none."""

from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import DetailView

from trustportal.publishing.models import SHOWN_PER_PAGE, FormerSlug, Publishable, State


def answer_without_record(request: HttpRequest, model: type[Publishable], slug: str) -> HttpResponse:
    """Lead a former address to the present one; say that a record was withdrawn, and why. Raises Http404 otherwise."""
    kind = ContentType.objects.get_for_model(model)
    former = FormerSlug.objects.filter(content_type=kind, slug=slug).first()
    record = model.objects.live().filter(pk=former.object_id).first() if former else None
    if record and record.may_be_named:
        return HttpResponsePermanentRedirect(record.get_absolute_url())
    withdrawn = model.objects.live().filter(slug=slug, state=State.WITHDRAWN).first()
    if withdrawn:
        return render(request, "errors/withdrawn.html", {"record": withdrawn}, status=410)
    raise Http404(_("There is no page at this address."))


class RecordDetail(DetailView):
    """The page of one published record. Lists of other records on it are bounded and lead on to the rest."""

    extra_context: ClassVar = {"shown_per_page": SHOWN_PER_PAGE}

    def get_queryset(self) -> QuerySet:
        """The published records with what the page needs, as their QuerySet says in `for_page()`."""
        return self.model.objects.published().for_page()

    def get(self, request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
        """Show the record, or answer for its absence."""
        self.object = self.get_queryset().filter(slug=slug).first()
        if self.object is None:
            return answer_without_record(request, self.model, slug)
        return self.render_to_response(self.get_context_data(object=self.object))
