"""Words that mean the same, and what readers did not find."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from trustportal.search.models import FailedSearch, Synonym


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    """Editors add what readers call things."""

    list_display = ("words",)
    search_fields = ("words",)
    search_help_text = _("Search by one of the words.")


@admin.register(FailedSearch)
class FailedSearchAdmin(admin.ModelAdmin):
    """What readers looked for in the last 90 days and no page has. Nobody adds to it or changes it."""

    list_display = ("words", "day", "count")
    list_filter = ("day",)
    search_fields = ("words",)
    search_help_text = _("Search by a word.")
    ordering = ("-day", "-count", "words")
    date_hierarchy = "day"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Older ones are not shown, even where they have not been deleted yet."""
        return super().get_queryset(request).kept()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Readers alone search in vain."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: FailedSearch | None = None) -> bool:
        """What was counted stays."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FailedSearch | None = None) -> bool:
        """It is forgotten by itself."""
        return False
