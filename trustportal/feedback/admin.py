"""What readers said, for those who keep the pages right."""

import csv
from collections.abc import Iterator

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustportal.feedback.models import PageFeedback

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def csv_rows(answers: QuerySet) -> Iterator[str]:
    """The lines of the table, read from the database piece by piece."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow([_now("Page"), _now("Useful"), _now("Comment"), _now("Given"), _now("Dealt with")])
    for feedback in answers.iterator():
        given = timezone.localtime(feedback.given_at).strftime("%Y-%m-%d %H:%M")
        useful, handled = (_now("Yes") if yes else _now("No") for yes in (feedback.is_useful, feedback.is_handled))
        yield writer.writerow([harmless(cell) for cell in (feedback.page, useful, feedback.comment, given, handled)])


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Hand the line back to whoever writes it."""
        return text


@admin.register(PageFeedback)
class PageFeedbackAdmin(admin.ModelAdmin):
    """Readers' answers. Editors mark them as dealt with; nobody writes or changes what a reader said."""

    list_display = ("given_at", "page", "is_useful", "beginning", "is_handled")
    list_display_links = ("given_at", "page")
    list_filter = ("is_handled", "is_useful", "given_at")
    search_fields = ("page", "comment")
    search_help_text = _("Search by page or by a word of the comment.")
    ordering = ("-given_at", "-pk")
    fields = ("page", "is_useful", "comment", "given_at", "is_handled")
    readonly_fields = ("page", "is_useful", "comment", "given_at")
    actions = ("mark_as_dealt_with", "export_as_csv")

    @admin.display(description=_("comment"), empty_value="–")
    def beginning(self, feedback: PageFeedback) -> str | None:
        """The first words of the comment."""
        return Truncator(feedback.comment).chars(100) or None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers alone give feedback."""
        return False

    @admin.action(description=_("Mark as dealt with"), permissions=["change"])
    def mark_as_dealt_with(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Mark those that were not marked yet."""
        marked = queryset.filter(is_handled=False).order_by().update(is_handled=True)
        words = ngettext("%d answer was marked as dealt with.", "%d answers were marked as dealt with.", marked)
        self.message_user(request, words % marked, messages.SUCCESS)

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_as_csv(self, request: HttpRequest, queryset: QuerySet) -> StreamingHttpResponse:
        """A table for a spreadsheet, in UTF-8 with the mark by which spreadsheets know it, sent row by row."""
        return StreamingHttpResponse(
            csv_rows(queryset),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="feedback.csv"'},
        )
