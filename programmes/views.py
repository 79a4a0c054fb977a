"""The pages of programmes and outcomes."""

from collections.abc import Iterator
from hashlib import sha256
from typing import ClassVar

from csp.decorators import csp_replace
from django.conf import settings
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from partnerships.confirmations import standing_confirmations
from partnerships.opendata.pages import OpenList, OpenRecord, files_of, files_of_record
from programmes import finders, linked, opendata
from programmes.charts import (
    FIGURES,
    MOST_ANALYSED,
    SUMMARY,
    Picture,
    figure_rows,
    line_of,
    lines_of,
    picture_of,
)
from programmes.maps import locator_of_programme
from programmes.models import OutcomeMetric, Programme, Statement
from programmes.timelines import pictures_on_page
from programmes.totals import roll_ups
from trustportal.charts.png import paint
from trustportal.finder.views import FinderView
from trustportal.maps import ATTRIBUTION
from trustportal.networks.models import has_ties
from trustportal.opendata import csvw
from trustportal.opendata.forms import MOST_CHARACTERS, refusal
from trustportal.opendata.linked import LinkedPage
from trustportal.opendata.openness import open_to_all
from trustportal.opendata.writing import METADATA, METADATA_TYPE, rows_response, shown_response
from trustportal.publishing.models import SHOWN_PER_PAGE

A_DAY = 24 * 60 * 60  # seconds
OBSERVATIONS_PER_PAGE = 120  # ten years of months


def grouped(statements: list[Statement], choices: type[TextChoices], field: str) -> dict[str, list[Statement]]:
    """Statements by a field with choices, in the order of the choices, under their labels; no empty groups."""
    groups = {choice.label: [row for row in statements if getattr(row, field) == choice] for choice in choices}
    return {label: rows for label, rows in groups.items() if rows}


class ProgrammeList(LinkedPage, OpenList):
    """All programmes."""

    finder = finders.PROGRAMMES
    files = files_of(opendata.PROGRAMMES)
    linked_data = staticmethod(linked.programmes)


class ProgrammeDetail(LinkedPage, OpenRecord):
    """A programme: what it is, the facts of its kind, what came of it."""

    model = Programme
    files = files_of_record(opendata.PROGRAMMES)
    linked_data = staticmethod(linked.programme)
    feed_name = "programme-feed"

    def get_queryset(self) -> QuerySet:
        """With whether the network shows it."""
        return super().get_queryset().annotate(has_network=has_ties("programme"))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Its statements by kind, its figures, what it builds on and what followed, and the rows of its kind."""
        programme = self.object
        linked = list(Programme.objects.published().linked_with(programme).in_name_order()[:SHOWN_PER_PAGE])
        by_kind: dict[str, list[Statement]] = {kind.replace("-", "_"): [] for kind in Statement.Kind.values}
        for statement in programme.statements.for_page():
            by_kind[statement.kind.replace("-", "_")].append(statement)
        facts = {
            name: getattr(programme, name, None)
            for name in ["local_care_network", "board", "satellite_site", "buddying_arrangement"]
        }
        places = list(programme.places.for_page()) if facts["satellite_site"] else []
        return (
            super().get_context_data(**kwargs)
            | facts
            | {
                "statements": by_kind,
                "achievements": grouped(by_kind["achievement"], Statement.Progress, "progress"),
                "expectations": grouped(by_kind["expectation"], Statement.Audience, "audience"),
                "lines": lines_of(programme.outcome_metrics.published()),
                "builds_on": [other for other in linked if other.came_before],
                "followed_by": [other for other in linked if not other.came_before],
                "board_members": programme.board_members.for_page() if facts["board"] else [],
                "places": places,
                "timeline": pictures_on_page(programme, by_kind["milestone"] + by_kind["achievement"], places),
                "confirmations": standing_confirmations(programme),
                "locator": locator_of_programme(programme),
                "attribution": ATTRIBUTION,
            }
        )


class OutcomeMetricList(LinkedPage, OpenList):
    """All outcomes with their latest figures."""

    finder = finders.OUTCOMES
    files = files_of(opendata.OUTCOMES)
    linked_data = staticmethod(linked.outcomes)


def summary_rows(view: FinderView, metrics: QuerySet) -> Iterator[dict[str, object]]:
    """The lines of the summary, those of all pages, read a page at a time."""
    for page in view.get_paginator(metrics, view.finder.usual_size):
        for metric in page:
            yield SUMMARY.row(line_of(metric))


def summary_csv(view: FinderView, metrics: QuerySet) -> HttpResponseBase:
    """The summary as a table."""
    return shown_response(SUMMARY, summary_rows(view, metrics), view.file_path(METADATA.removeprefix(".")))


@open_to_all
def summary_metadata(request: HttpRequest) -> HttpResponseBase:
    """What describes the table of the summary, and with the same query what describes it narrowed."""
    query = request.META["QUERY_STRING"]
    if len(query) > MOST_CHARACTERS:
        return refusal("json", 400, _("The address is too long."))
    url = f"summary.csv?{query}" if query else "summary.csv"
    return JsonResponse(csvw.of_table(SUMMARY, url), content_type=METADATA_TYPE)


def summary_json(view: FinderView, metrics: QuerySet) -> HttpResponseBase:
    """The summary as JSON."""
    about = {"title": str(view.finder.title), "address": settings.SITE_URL + view.file_path("json")}
    return rows_response(summary_rows(view, metrics), about)


class OutcomeSummary(LinkedPage, OpenList):
    """All outcomes, a line each: the latest figure, what the series says, whether the target will be met."""

    template_name = "programmes/outcome_summary.html"
    finder = finders.SUMMARY
    files: ClassVar = {"csv": summary_csv, "json": summary_json}
    linked_data = staticmethod(linked.outcomes)

    def rows_for(self, records: QuerySet) -> QuerySet:
        """With the figures that the lines are made of."""
        return super().rows_for(records).with_series(MOST_ANALYSED)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The lines, and the sums over all pages on the first."""
        context = super().get_context_data(**kwargs)
        return context | {
            "lines": [line_of(metric) for metric in context["object_list"]],
            "totals": roll_ups(self.finding.records()) if context["page_obj"].number == 1 else [],
        }


def figures_as_csv(view: OpenRecord, slug: str) -> HttpResponseBase:
    """The figures of an outcome, where its page was asked for them."""
    return OutcomeMetricCSV.as_view()(view.request, slug=slug)


class OutcomeMetricDetail(LinkedPage, OpenRecord):
    """An outcome: the figure, the chart, the table, the definition, the source."""

    model = OutcomeMetric
    files: ClassVar = {"csv": figures_as_csv, **files_of_record(opendata.OUTCOMES)}
    linked_data = staticmethod(linked.outcome)
    feed_name = "outcome-metric-feed"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Its chart, and its observations page by page, the newest first."""
        observations = self.object.observations.for_page()
        page = Paginator(observations, OBSERVATIONS_PER_PAGE).get_page(self.request.GET.get("page"))
        picture = picture_of(self.object)
        shown = picture.shown() if picture else {}
        return super().get_context_data(**kwargs) | {
            "picture": picture,
            "rows": [(observation, shown.get(observation.pk)) for observation in page],
            "page_obj": page,
            "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "embedded_url": self.request.build_absolute_uri(
                reverse("outcome-metric-embedded", args=[self.object.slug])
            ),
        }


class OutcomeMetricFile(OpenRecord):
    """The figures of an outcome in another form, at the address of its page with another ending."""

    model = OutcomeMetric

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The chart alone."""
        return {"picture": picture_of(self.object)}

    def picture_or_404(self, context: dict[str, object]) -> Picture:
        """The chart. Raises Http404 where the figures make none."""
        picture = context["picture"]
        if picture is None:
            raise Http404(_("These figures make no chart."))
        return picture

    def answer(self, content: str | bytes, ending: str, content_type: str) -> HttpResponse:
        """A file that goes by the name of the page."""
        response = HttpResponse(content, content_type=content_type)
        response["Content-Disposition"] = f'inline; filename="{self.object.slug}.{ending}"'
        return response


class OutcomeMetricCSV(OutcomeMetricFile):
    """The figures as a table, with mean, limits and what each point shows."""

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponseBase:
        """One row a period, the oldest first."""
        metric = self.object
        described_at = reverse("outcome-metric-csv-metadata", args=[metric.slug])
        # All of them now: no question stays open while a slow reader takes them.
        rows = list(figure_rows(metric, context["picture"]))
        return shown_response(FIGURES, rows, described_at, name=metric.slug)


class OutcomeMetricCSVMetadata(OutcomeMetricFile):
    """What describes the table of the figures."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Nothing of the figures."""
        return {}

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponse:
        """Column by column. Source: W3C, Metadata Vocabulary for Tabular Data."""
        return JsonResponse(csvw.of_table(FIGURES, f"{self.object.slug}.csv"), content_type=METADATA_TYPE)


class OutcomeMetricSVG(OutcomeMetricFile):
    """The chart as a drawing."""

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponse:
        """The wide chart, without links."""
        picture = self.picture_or_404(context)
        svg = render_to_string(
            picture.template, {"chart": picture.wide, "label": picture.label, "page": "", "is_file": True}
        )
        return self.answer(svg, "svg", "image/svg+xml")


class OutcomeMetricPNG(OutcomeMetricFile):
    """The chart as a picture."""

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponse:
        """The wide chart with the name of what it shows. Painting takes long, so a picture is kept for a day."""
        picture = self.picture_or_404(context)
        chart, title, caption = picture.wide, str(self.object), picture.reading.sentence
        key = f"chart-png-{sha256(repr((chart, title, caption)).encode()).hexdigest()}"
        painted = cache.get_or_set(key, lambda: paint(chart, title=title, caption=caption), A_DAY)
        return self.answer(painted, "png", "image/png")


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class OutcomeMetricEmbedded(OutcomeMetricFile):
    """The chart on a small page of its own, which other sites may show within theirs."""

    template_name = "programmes/outcomemetric_embedded.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The chart, and the latest figure."""
        context = {"object": self.object} | super().get_context_data(**kwargs)
        self.picture_or_404(context)
        return context
