"""Several people at one record: who else has it open, and nobody saves over a newer text unawares."""

import datetime
import re
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.publishing.comparison import differences
from trustportal.publishing.models import Act, Presence, Publishable, Version
from trustportal.publishing.rights import may
from trustportal.publishing.snapshot import snapshot
from trustportal.publishing.typed import lists_of, typed_boxes
from trustportal.publishing.wording import name_of

STAYS = datetime.timedelta(minutes=5)  # how long somebody counts as having it open; the script says so each minute
DIGITS_OF_A_COUNT = 4  # of the rows of a list, and of the saves of a text


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
        """Note that this person has the record open; say who else has, or "". Who may only look is told of nobody."""
        if not self.has_change_permission(request, record):
            return ""
        now = timezone.now()
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
        present = Presence.objects.on(record).since(now - STAYS).but(request.user)
        names = [name_of(presence.person) for presence in present]
        if not names:
            return ""
        words = ngettext("%(names)s has this open too.", "%(names)s have this open too.", len(names))
        return words % {"names": ", ".join(names)}

    def leave(self, request: HttpRequest, record: Publishable) -> None:
        """The person no longer has the record open."""
        Presence.objects.on(record).filter(person=request.user).delete()

    # Nobody loses what they typed

    def closed_meanwhile(self, request: HttpRequest, record: Publishable | None) -> HttpResponse | None:
        """What to answer where a record went, or was closed to this person, while they had its form open.

        None where it is open to them, and where it never was: then it is refused as ever.
        """
        if record is None:
            had_it_open = self.has_change_permission(request)
        else:
            had_it_open = may(request.user, "change", record) and not self.has_change_permission(request, record)
        return self._not_saved(request, record) if had_it_open else None

    def _not_saved(self, request: HttpRequest, record: Publishable | None) -> HttpResponse:
        """All that was typed, as text to copy, and what happened; of the record no more than its name."""
        options = self.model._meta
        if record:
            last = Act.objects.on(record.itself).newest_first().first()
            what = _("“%(record)s” can no longer be changed in the form that you had open.") % {"record": record}
            link = (_("Open “%(record)s”") % {"record": record}, self.url_of(record, "change"))
        else:
            last = None
            what = _("This text is no longer here. It was published, discarded or deleted meanwhile.")
            address = reverse(f"{self.admin_site.name}:{options.app_label}_{options.model_name}_changelist")
            link = (_("List of %(kinds)s") % {"kinds": options.verbose_name_plural}, address)
        done = last and _("What was done last: %(act)s, by %(person)s, %(time)s.") % {
            "act": last.get_verb_display(),
            "person": name_of(last.done_by),
            "time": date_format(timezone.localtime(last.done_at), "j F Y, H:i"),
        }
        context = {
            **self.admin_site.each_context(request),
            "title": _("Your text was not saved"),
            "subtitle": None,
            "opts": options,
            "what": what,
            "done": done or "",
            "link": link if self.has_view_or_change_permission(request, record) else None,
            "boxes": typed_boxes(request, self.model),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/publishable/not_saved.html", context, status=409)

    def typed_elsewhere(self, request: HttpRequest, record: Publishable) -> list:
        """What was typed into lists that the record no longer has, because somebody made it one of another kind."""
        lists = self.get_formsets_with_inlines(request, record)
        present = {formset.get_default_prefix() for formset, _inline in lists}
        gone = set(lists_of(self.model)) - present
        return typed_boxes(request, self.model, gone)

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
        for prefix, (keys, key_to_record) in self._rows_of(request, record).items():
            _make_new_rows(typed, prefix, keys)
            if key_to_record.unique:
                _replace_only_row(typed, prefix, keys, key_to_record.name)
        request.POST = typed

    def _newer_save(self, request: HttpRequest, record: Publishable, opened_at: str) -> NewerSave:
        acts = Act.objects.on(record.itself).of_present_text().newest_first()
        saves = acts.filter(verb__in=[Act.Verb.ADDED, Act.Verb.EDITED]).exclude(done_by=request.user)
        last = saves.first() or acts.first()
        versions = Version.objects.on(record.itself).order_by("-number")
        seen = versions.filter(edit_number=_number(opened_at), occasion=Version.Occasion.SAVED).first()
        changed = differences(seen.data, snapshot(record), type(record)).labels() if seen else []
        query = {"old": seen.number, "new": "change"} if seen else {}
        address = self.url_of(record, "compare")
        return NewerSave(
            people=name_of(last.done_by) if last and last.done_by else _("Somebody"),
            saved_at=last.done_at if last else timezone.now(),
            changed=changed,
            url=f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}",
        )

    def _rows_of(self, request: HttpRequest, record: Publishable) -> dict[str, tuple[set[str], models.ForeignKey]]:
        """The keys of the rows that are there, by the prefix of their list, and the field that leads to the record."""
        rows = {}
        for formset, inline in self.get_formsets_with_inlines(request, record):
            keys = inline.get_queryset(request).filter(**{formset.fk.name: record.pk}).values_list("pk", flat=True)
            rows[formset.get_default_prefix()] = ({str(key) for key in keys}, formset.fk)
        return rows


def _make_new_rows(typed: QueryDict, prefix: str, keys: set[str]) -> None:
    """In a form that was sent, count rows whose row in the table is gone as new ones, so that they can be saved.

    A list that the form did not have, because the record was of another kind then, has no rows in it.
    """
    for name in ("TOTAL", "INITIAL"):
        typed.setdefault(f"{prefix}-{name}_FORMS", "0")
    total, initial = (_number(typed.get(f"{prefix}-{name}_FORMS", "")) for name in ("TOTAL", "INITIAL"))
    box = re.compile(rf"{re.escape(prefix)}-(\d{{1,{DIGITS_OF_A_COUNT}}})-(\w+)(?<!_FORMS)")
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


def _replace_only_row(typed: QueryDict, prefix: str, keys: set[str], key_to_record: str) -> None:
    """Where there can be one row and somebody else added it, let what was typed take its place."""
    boxes = {name: f"{prefix}-0-{name}" for name in ("id", key_to_record)}
    wrote = any(typed[box] for box in typed if box.startswith(f"{prefix}-0-") and box not in boxes.values())
    if keys and wrote and not typed.get(boxes["id"]) and _number(typed[f"{prefix}-TOTAL_FORMS"]):
        [typed[boxes["id"]]] = keys
        typed[f"{prefix}-INITIAL_FORMS"] = "1"


def _number(said: str) -> int:
    """A number that a browser sent; 0 where it is none, or longer than any that we gave out."""
    return int(said) if said.isdecimal() and len(said) <= DIGITS_OF_A_COUNT else 0
