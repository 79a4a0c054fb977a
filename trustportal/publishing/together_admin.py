"""Several people at one record: who else has it open, and nobody saves over a newer text unawares."""

import datetime
import re
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.publishing.comparison import differences
from trustportal.publishing.models import Act, Presence, Publishable, Version
from trustportal.publishing.snapshot import snapshot

STAYS = datetime.timedelta(minutes=5)  # how long somebody counts as having it open; the script says so each minute
LONGEST_NUMBER = 4  # digits, of the rows of a list and of the saves of a text


@dataclass(frozen=True)
class NewerSave:
    """A text that somebody saved after this person had opened the form."""

    people: str
    saved_at: datetime.datetime
    changed: list[str]
    url: str

    @property
    def words(self) -> str:
        """What the person reads over what they typed."""
        said = _("%(people)s saved this text at %(time)s, after you had opened it. Changed: %(changed)s.") % {
            "people": self.people,
            "time": date_format(timezone.localtime(self.saved_at), "H:i"),
            "changed": ", ".join(self.changed) or _("nothing that differs now"),
        }
        kept = _("Nothing of yours was saved yet, and all that you typed is still here.")
        again = _("Save again to put your text in the place of theirs.")
        return format_html('{} {} <a href="{}">{}</a>. {}', said, kept, self.url, _("Compare the two versions"), again)


class TogetherAdmin(admin.ModelAdmin):
    """For the admin of a publishable record. Works without a script; the script keeps the names up to date."""

    # Who else has it open

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and where the browser says that the form is still open."""
        options = self.model._meta
        view = self.admin_site.admin_view(self.presence_view)
        name = f"{options.app_label}_{options.model_name}_presence"
        return [path("<path:object_id>/presence/", view, name=name), *super().get_urls()]

    def presence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form is still open here; answers with who else has it open, in words."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.record_for(request, object_id)
        return JsonResponse({"words": self.others_at(request, record)})

    def others_at(self, request: HttpRequest, record: Publishable) -> str:
        """Note that this person has the record open; say who else has, or ""."""
        now = timezone.now()
        if self.has_change_permission(request, record):
            Presence.objects.bulk_create(
                [
                    Presence(
                        content_type=ContentType.objects.get_for_model(record),
                        object_id=record.pk,
                        person=request.user,
                        seen_at=now,
                    )
                ],
                update_conflicts=True,
                unique_fields=["content_type", "object_id", "person"],
                update_fields=["seen_at"],
            )
        names = [
            presence.person.get_full_name() or presence.person.username
            for presence in Presence.objects.on(record).since(now - STAYS).but(request.user)
        ]
        if not names:
            return ""
        words = ngettext("%(names)s has this open too.", "%(names)s have this open too.", len(names))
        return words % {"names": ", ".join(names)}

    def leave(self, request: HttpRequest, record: Publishable) -> None:
        """The person no longer has the record open."""
        Presence.objects.on(record).filter(person=request.user).delete()

    # Nobody saves over a newer text

    def look_for_newer_save(self, request: HttpRequest, record: Publishable) -> None:
        """Before a form is read: where the text is newer than the form, keep what was typed so that it can be read.

        Sets `request.newer_save`, which the form then reports. Rows that are gone meanwhile become new rows.
        """
        opened_at = request.POST.get("opened_at", "")
        if opened_at == str(record.edit_number):
            return
        request.newer_save = self._newer_save(request, record, opened_at)
        typed = request.POST.copy()
        typed["opened_at"] = str(record.edit_number)
        for prefix, keys in self._rows_of(request, record).items():
            _make_new_rows(typed, prefix, keys)
        request.POST = typed

    def _newer_save(self, request: HttpRequest, record: Publishable, opened_at: str) -> NewerSave:
        acts = Act.objects.on(record.itself).of_present_text().newest_first()
        saves = acts.filter(verb__in=[Act.Verb.ADDED, Act.Verb.EDITED]).exclude(done_by=request.user)
        last = saves.first() or acts.first()
        versions = Version.objects.on(record.itself).order_by("-number")
        seen = versions.filter(edit_number=_number(opened_at), occasion=Version.Occasion.SAVED).first()
        changed = []
        if seen:
            found = differences(seen.data, snapshot(record), type(record))
            changed = [change.label for change in (*found.fields, *found.parts)]
        query = {"old": seen.number, "new": "change"} if seen else {}
        address = self.url_of(record, "compare")
        return NewerSave(
            people=str(last.done_by.get_full_name() or last.done_by.username)
            if last and last.done_by
            else _("Somebody"),
            saved_at=last.done_at if last else timezone.now(),
            changed=changed,
            url=f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}",
        )

    def _rows_of(self, request: HttpRequest, record: Publishable) -> dict[str, set[str]]:
        """The keys of the rows that are there, by the prefix of their formset, counted as Django counts them."""
        rows: dict[str, set[str]] = {}
        times: dict[str, int] = {}
        for formset, inline in self.get_formsets_with_inlines(request, record):
            prefix = formset.get_default_prefix()
            times[prefix] = times.get(prefix, 0) + 1
            if times[prefix] > 1:
                prefix = f"{prefix}-{times[prefix]}"
            keys = inline.get_queryset(request).filter(**{formset.fk.name: record.pk}).values_list("pk", flat=True)
            rows[prefix] = {str(key) for key in keys}
        return rows


def _make_new_rows(typed: QueryDict, prefix: str, keys: set[str]) -> None:
    """In a form that was sent, count rows whose row in the table is gone as new ones, so that they can be saved."""
    total, initial = (_number(typed.get(f"{prefix}-{name}_FORMS", "")) for name in ("TOTAL", "INITIAL"))
    # Another list may begin alike: "statements-2" is a list of its own, "statements-2-text" is row 2 of "statements".
    box = re.compile(rf"{re.escape(prefix)}-(\d{{1,{LONGEST_NUMBER}}})-(\w+)(?<!_FORMS)")
    found = [match for match in map(box.fullmatch, list(typed)) if match and int(match[1]) < total]
    rows: list[dict[str, list]] = [{} for _ in range(total)]
    for match in found:
        rows[int(match[1])][match[2]] = typed.getlist(match[0])
    kept = [row for row in rows[:initial] if row.get("id", [""])[0] in keys]
    lost = [row | {"id": [""]} for row in rows[:initial] if row not in kept and "DELETE" not in row]
    if len(kept) == initial or initial > total:
        return
    for match in found:
        typed.pop(match[0])
    present = [*kept, *lost, *rows[initial:]]
    for at, row in enumerate(present):
        for name, values in row.items():
            typed.setlist(f"{prefix}-{at}-{name}", values)
    typed[f"{prefix}-TOTAL_FORMS"], typed[f"{prefix}-INITIAL_FORMS"] = str(len(present)), str(len(kept))


def _number(said: str) -> int:
    """A number that a browser sent; 0 where it is none, or longer than any that we gave out."""
    return int(said) if said.isdecimal() and len(said) <= LONGEST_NUMBER else 0
