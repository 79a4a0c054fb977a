"""The admin's pages on which figures are imported: template, upload, what would happen, import."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programmes import imports
from programmes.admin.figure import number_in
from programmes.imports import Effect, Judged
from programmes.models import Correction, FigureFile, Observation, OutcomeMetric, Programme
from programmes.models.figure import Figure
from trustportal.importing.writing import write_xlsx
from trustportal.opendata.cells import cell

MOST_SHOWN = 100  # rows of each sort on the page; the file with the result has all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_TEMPLATE = 2000  # outcomes
FOR_EXCEL = "\ufeff"  # so that it reads CSV as UTF-8
# What somebody has to mend comes first.
HEADINGS = {
    Effect.REFUSED: _("Rows that are refused"),
    Effect.CHANGED: _("Figures that would be changed"),
    Effect.ADDED: _("Figures that would be added"),
    Effect.LEFT: _("Rows that would change nothing"),
}


class UploadForm(forms.Form):
    """The table to be imported."""

    file = forms.FileField(
        label=_("The filled-in template"),
        help_text=format_lazy(
            _("An Excel workbook (.xlsx) or a CSV file, with at most {rows} rows and {size} MB."),
            rows=f"{imports.MOST_ROWS:,}",
            size=f"{imports.MOST_BYTES / 1_000_000:g}",
        ),
        error_messages={
            "required": _("Choose the file first."),
            "empty": _("This file is empty. Choose the one that you filled in."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )


class ImportingAdmin:
    """Mix it into the admin of observations."""

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and those of the import."""
        pages = {
            "import": ("import/", self.import_view),
            "import_template": ("import/template.<str:ending>", self.template_view),
            "import_file": ("import/<int:key>/", self.file_view),
            "import_result": ("import/<int:key>/result.csv", self.result_view),
        }
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"programmes_observation_{name}")
                for name, (route, view) in pages.items()
            ),
            *super().get_urls(),
        ]

    def _page(self, name: str, *keys: object, **query: object) -> str:
        return reverse(f"{self.admin_site.name}:programmes_observation_{name}", args=keys, query=query or None)

    def _metrics_asked_for(self, request: HttpRequest) -> tuple[QuerySet, dict[str, int]]:
        """The metrics for the template, and the query that names them: one metric, those of a programme, or all."""
        metrics = imports.metrics_for(request.user)
        for name, model in (("metric", OutcomeMetric), ("programme", Programme)):
            asked = request.GET.get(name, "")
            if asked:
                key = number_in(asked)
                if key is None:
                    raise Http404
                found = metrics.filter(pk=key) if model is OutcomeMetric else metrics.filter(programme__pk=key)
                return found, {name: key}
        return metrics, {}

    def _check_right(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take the template, upload it."""
        self._check_right(request)
        metrics, query = self._metrics_asked_for(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if request.method == "POST" and form.is_valid():
            try:
                return HttpResponseRedirect(
                    self._page("import_file", self._keep(request, form.cleaned_data["file"]).pk)
                )
            except imports.Unreadable as error:
                form.add_error("file", str(error))
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Import figures"),
            "opts": self.model._meta,
            "form": form,
            "metrics": metrics.in_name_order()[:2] if query else [],
            "count": min(metrics.count(), MOST_IN_TEMPLATE),
            "csv_url": self._page("import_template", "csv", **query),
            "xlsx_url": self._page("import_template", "xlsx", **query),
        }
        return TemplateResponse(request, "admin/programmes/import.html", context)

    def _keep(self, request: HttpRequest, file: object) -> FigureFile:
        """Look at the file and keep it. Raises Unreadable."""
        report = imports.report_of(file, request.user)
        now = timezone.now()
        FigureFile.objects.forgotten(now).delete()
        file.seek(0)
        return FigureFile.objects.create(
            name=PurePath(file.name).name[-200:],
            content=file.read(),
            uploaded_by=request.user,
            uploaded_at=now,
            counts=_by_name(report),
            digest=report.digest,
        )

    def _file(self, request: HttpRequest, key: int) -> FigureFile:
        """A file that the person uploaded. Raises Http404 or PermissionDenied."""
        self._check_right(request)
        return get_object_or_404(FigureFile, pk=key, uploaded_by=request.user)

    def _is_imported(self, request: HttpRequest) -> HttpResponse:
        words = _now("This file has been imported already. Its figures were not imported a second time.")
        self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(self._waiting(Observation))

    def _waiting(self, model: type[Figure]) -> str:
        """The address of the list of those that wait."""
        name = f"{self.admin_site.name}:programmes_{model._meta.model_name}_changelist"
        return reverse(name, query={"standing": "waiting"})

    def file_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What each row would do; and import them."""
        if request.method == "POST":
            return self._import(request, key)
        file = self._file(request, key)
        if file.imported_at:
            return self._is_imported(request)
        counts, groups = _groups(imports.check(io.BytesIO(bytes(file.content)), request.user))
        is_refused = bool(counts[Effect.REFUSED])
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Import figures: what would happen"),
            "opts": self.model._meta,
            "file": file,
            "counts": [_in_words(effect, counts[effect]) for effect in HEADINGS if counts[effect]],
            "groups": groups,
            "is_refused": is_refused,
            "may_import": not is_refused and bool(counts[Effect.ADDED] + counts[Effect.CHANGED]),
            "result_url": self._page("import_result", file.pk),
            "again_url": self._page("import"),
        }
        return TemplateResponse(request, "admin/programmes/import_file.html", context)

    @transaction.atomic
    def _import(self, request: HttpRequest, key: int) -> HttpResponse:
        """Import a file once, and only if it does what the page that was sent had shown."""
        self._check_right(request)
        rows = FigureFile.objects.select_for_update()  # whoever pressed the button twice waits here for the first time
        file = get_object_or_404(rows, pk=key, uploaded_by=request.user)
        if file.imported_at:
            return self._is_imported(request)
        try:
            if request.POST.get("shown") != file.digest:
                raise imports.Stale
            report = imports.import_figures(io.BytesIO(bytes(file.content)), request.user, expected=file.digest)
        except (imports.Stale, imports.Refused):
            return self._show_anew(request, file)
        file.imported_at, file.content = timezone.now(), b""
        file.save()
        count = report.counts[Effect.ADDED] + report.counts[Effect.CHANGED]
        words = ngettext(
            "%(count)d figure was imported. It waits for somebody else to approve it.",
            "%(count)d figures were imported. They wait for somebody else to approve them.",
            count,
        )
        self.message_user(request, words % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(self._where_they_wait(request, report))

    def _show_anew(self, request: HttpRequest, file: FigureFile) -> HttpResponse:
        was = file.digest
        report = imports.report_of(io.BytesIO(bytes(file.content)), request.user)
        file.counts, file.digest = _by_name(report), report.digest
        file.save()
        words = _now("Nothing was imported, because somebody changed figures after you had opened this page. It now "
                     "shows what would happen.")  # fmt: skip
        if report.is_refused and report.digest == was:
            words = _now("Nothing was imported, because rows are refused.")
        self.message_user(request, words, messages.ERROR)
        return HttpResponseRedirect(self._page("import_file", file.pk))

    def _where_they_wait(self, request: HttpRequest, report: imports.Report) -> str:
        """The list that has what was imported; corrections are in another one than new figures."""
        metrics = OutcomeMetric.objects.filter(pk__in=report.metrics)
        new, corrections = (
            model.objects.waiting().of_metrics(metrics).filter(entered_by=request.user).count()
            for model in (Observation, Correction)
        )
        if not new:
            return self._waiting(Correction)
        if corrections:
            words = ngettext(
                "%(count)d correction of an approved figure waits",
                "%(count)d corrections of approved figures wait",
                corrections,
            )
            link = format_html('<a href="{}">{}</a>', self._waiting(Correction), _now("in the list of corrections"))
            self.message_user(request, format_html("{} {}.", words % {"count": corrections}, link), messages.INFO)
        return self._waiting(Observation)

    def result_view(self, request: HttpRequest, key: int) -> HttpResponse | StreamingHttpResponse:
        """What each row would do, as a file."""
        file = self._file(request, key)
        if file.imported_at:
            return self._is_imported(request)
        rows = imports.check(io.BytesIO(bytes(file.content)), request.user)
        response = StreamingHttpResponse(_result_lines(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="import-result.csv"'
        return response

    def template_view(self, request: HttpRequest, ending: str) -> HttpResponse:
        """An empty table with a row for the next period of each metric."""
        self._check_right(request)
        metrics, _query = self._metrics_asked_for(request)
        if ending not in {"csv", "xlsx"}:
            raise Http404
        rows = (_template_row(metric) for metric in metrics.with_newest_figure().in_name_order()[:MOST_IN_TEMPLATE])
        response = HttpResponse(content_type="text/csv; charset=utf-8" if ending == "csv" else XLSX)
        response["Content-Disposition"] = f'attachment; filename="figures.{ending}"'
        if ending == "xlsx":
            write_xlsx(response, imports.COLUMNS, rows, sheet=_now("Figures"), numbers=imports.COUNTED)
        else:
            response.write(FOR_EXCEL)
            writer = csv.writer(response)
            writer.writerow(imports.COLUMNS)
            writer.writerows([cell(value) for value in row] for row in rows)
        return response


def _template_row(metric: OutcomeMetric) -> list[object]:
    """The next period of a metric, to be filled in."""
    newest = metric.newest_figures[0] if metric.newest_figures else None
    period = metric.following(newest.period_start, newest.period_end) if newest else None
    start, end = period or ("", "")
    return [metric.slug, metric.name, str(start), str(end), *[""] * (len(imports.COLUMNS) - 4)]


def _by_name(report: imports.Report) -> dict[str, int]:
    return {effect.name: report.counts[effect] for effect in Effect}


def _in_words(effect: Effect, count: int) -> str:
    """How many rows would do something: "2 figures would be added"."""
    words = {
        Effect.REFUSED: ngettext("%(count)s row is refused", "%(count)s rows are refused", count),
        Effect.CHANGED: ngettext("%(count)s figure would be changed", "%(count)s figures would be changed", count),
        Effect.ADDED: ngettext("%(count)s figure would be added", "%(count)s figures would be added", count),
        Effect.LEFT: ngettext("%(count)s row would change nothing", "%(count)s rows would change nothing", count),
    }
    return words[effect] % {"count": f"{count:,}"}


def _groups(rows: Iterator[Judged]) -> tuple[Counter, list[dict[str, object]]]:
    """How many rows of each sort there are, and the first of each."""
    counts: Counter = Counter()
    first: dict[Effect, list[Judged]] = {effect: [] for effect in HEADINGS}
    for row in rows:
        counts[row.effect] += 1
        if len(first[row.effect]) < MOST_SHOWN:
            first[row.effect].append(row)
    groups = [
        {
            "name": effect.name.lower(),
            "heading": heading,
            "rows": first[effect],
            "is_refused": effect is Effect.REFUSED,
            "more": counts[effect] - len(first[effect]),
        }
        for effect, heading in HEADINGS.items()
        if counts[effect]
    ]
    return counts, groups


def _result_lines(rows: Iterator[Judged]) -> Iterator[str]:
    """The lines of the file with the result, some at a time."""

    def cells() -> Iterator[list[object]]:
        yield ["line", "outcome", "period", "what_happens", "figure", "column", "value", "what_to_do"]
        for row in rows:
            about = [row.line, row.metric, row.period, str(row.effect.value), row.words]
            for fault in row.faults or [None]:
                yield about + ([fault.column, fault.value, fault.words] if fault else ["", "", ""])

    yield FOR_EXCEL
    lines = cells()
    while some := list(islice(lines, imports.TOGETHER)):
        text = io.StringIO()
        csv.writer(text).writerows([cell(value) for value in line] for line in some)
        yield text.getvalue()
