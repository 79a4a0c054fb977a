"""What became of a record, in the admin: its history, any two versions side by side, an old version taken up again."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustportal.accounts.models import User
from trustportal.publishing import rights, workflow
from trustportal.publishing.comparison import differences
from trustportal.publishing.models import Act, Publishable, State, Version
from trustportal.publishing.snapshot import Data, snapshot
from trustportal.publishing.wording import name_of

PER_PAGE = 50
PUBLIC, CHANGE = "public", "change"
DIGITS_OF_A_VERSION = 9  # digits: a version's number fits into its column
# What all who edit may know of the records of others.
SEEN_OUTSIDE = (
    Act.Verb.PUBLISHED,
    Act.Verb.UPDATED,
    Act.Verb.CORRECTED,
    Act.Verb.REVIEWED,
    Act.Verb.WITHDRAWN,
)


@dataclass(frozen=True)
class Past:
    """What one person may know of the past of a record: of the public ones of others, what was public."""

    record: Publishable  # the record itself, never a working copy
    person: User

    @cached_property
    def is_whole(self) -> bool:
        """Whether the person may know of what was never public too."""
        return not self.record.is_published or rights.may(self.person, "change", self.record)

    @property
    def versions(self) -> QuerySet:
        """The versions, the newest first, without their text."""
        versions = Version.objects.on(self.record).newest_first()
        return versions if self.is_whole else versions.filter(occasion=Version.Occasion.PUBLISHED)

    @property
    def acts(self) -> QuerySet:
        """The acts, the newest first."""
        acts = Act.objects.on(self.record).newest_first()
        return acts if self.is_whole else acts.filter(verb__in=SEEN_OUTSIDE)

    @cached_property
    def in_work(self) -> Publishable | None:
        """The open change, or the draft itself; None where there is none or the person may not know of it."""
        if not self.is_whole:
            return None
        if self.record.is_in_work:
            return self.record
        return type(self.record)._base_manager.filter(draft_of=self.record).first()

    @cached_property
    def may_restore(self) -> bool:
        """Whether the person may begin a change from an old version now."""
        has_been_public = self.record.state in {State.PUBLISHED, State.WITHDRAWN}
        return has_been_public and rights.may(self.person, "change", self.record) and self.in_work is None

    def may_name(self, other: Model) -> bool:
        """Whether a record that a version points at may be named."""
        return self.is_whole or getattr(other, "may_be_named", True)

    def data_of(self, reference: str) -> Data | None:
        """The text that a reference stands for: "public", "change" or a version's number; None where there is none."""
        if reference == PUBLIC:
            return snapshot(self.record) if self.record.is_published else None
        if reference == CHANGE:
            return snapshot(self.in_work) if self.in_work else None
        if not (reference.isascii() and reference.isdigit() and len(reference) <= DIGITS_OF_A_VERSION):
            return None
        return self.versions.filter(number=reference).values_list("data", flat=True).first()

    def newest(self) -> str:
        """What is looked at unless something else is asked for: the text in work, or the newest version; or ""."""
        return CHANGE if self.in_work else self._number_of(self.versions[:1])

    def earlier(self) -> str:
        """What that is compared with: what is public, what was submitted last, or the version before; or "".

        What is in review was itself submitted last, so it is compared with the submission before.
        """
        if self.record.is_published:
            return PUBLIC
        in_review = self.in_work is not None and self.in_work.state == State.IN_REVIEW
        submitted = self.versions.filter(occasion=Version.Occasion.SUBMITTED)[int(in_review) :][:1]
        return self._number_of(submitted) or self._number_of(self.versions[1:2]) or self._number_of(self.versions[:1])

    def _number_of(self, versions: QuerySet) -> str:
        return "".join(str(version.number) for version in versions)

    def choices(self, *chosen: str) -> list[tuple[str, str]]:
        """What can be compared, as references and words: the newest versions, and the ones that are chosen."""
        choices = []
        if self.record.is_published:
            choices.append((PUBLIC, _("What is public now")))
        if self.in_work:
            words = _("The open change") if self.in_work.is_change else _("The draft as it stands")
            choices.append((CHANGE, words))
        versions = list(self.versions[:PER_PAGE])
        listed = {str(version.number) for version in versions}
        further = [one for one in chosen if one.isascii() and one.isdigit() and len(one) <= DIGITS_OF_A_VERSION]
        if missing := set(further) - listed:
            versions += self.versions.filter(number__in=missing)
        return choices + [(str(version.number), words_for(version)) for version in versions]


def words_for(version: Version) -> str:
    """A version in a few words: "Version 3: Published, 2 March 2026, 9:30"."""
    return _("Version %(number)s: %(occasion)s, %(time)s") % {
        "number": version.number,
        "occasion": version.get_occasion_display(),
        "time": date_format(timezone.localtime(version.made_at), "j F Y, H:i"),
    }


class VersionsAdmin:
    """The history of a record, for its ModelAdmin, which has `get_object` and `url_of`."""

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and those for versions."""
        options = self.model._meta
        pages = {
            "compare": ("compare/", self.compare_view),
            "restore": ("restore/<int:number>/", self.restore_view),
        }
        return [
            *(
                path(
                    f"<path:object_id>/{route}",
                    self.admin_site.admin_view(view),
                    name=f"{options.app_label}_{options.model_name}_{name}",
                )
                for name, (route, view) in pages.items()
            ),
            *super().get_urls(),
        ]

    def past_for(self, request: HttpRequest, object_id: str) -> Past:
        """What the person may know of a record, also of a working copy's. Raises Http404 or PermissionDenied."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return Past(record.itself, request.user)

    def _page(self, request: HttpRequest, past: Past, template: str, **context: object) -> HttpResponse:
        options = self.model._meta
        request.current_app = self.admin_site.name
        shared = {
            **self.admin_site.each_context(request),
            "opts": options,
            "record": past.record,
            "record_url": self.url_of(past.record, "change"),
            "change_url": self.url_of(past.in_work, "change") if past.in_work and past.in_work.is_change else "",
            "history_url": self.url_of(past.record, "history"),
            "compare_url": self.url_of(past.record, "compare"),
            "subtitle": None,
        }
        return TemplateResponse(request, f"admin/publishable/{template}.html", {**shared, **context})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The versions of a record and what was done to it, the newest first, 50 of each on a page."""
        past = self.past_for(request, object_id)
        versions = Paginator(past.versions, PER_PAGE).get_page(request.GET.get("versions"))
        acts = Paginator(past.acts, PER_PAGE).get_page(request.GET.get("acts"))
        return self._page(
            request,
            past,
            "history",
            title=_("History of %(record)s") % {"record": past.record},
            versions=versions,
            version_rows=self._rows(past, list(versions)),
            acts=acts,
            act_rows=[{"act": act, "who": name_of(act.done_by)} for act in acts],
            is_whole=past.is_whole,
            may_restore=past.may_restore,
            **(extra_context or {}),
        )

    def _rows(self, past: Past, versions: list[Version]) -> list[dict[str, object]]:
        """What the history says of each version, and where it leads from there."""
        compare = self.url_of(past.record, "compare")
        before = [*versions[1:], *(past.versions.filter(number__lt=one.number).first() for one in versions[-1:])]
        return [
            {
                "version": version,
                "who": name_of(version.made_by),
                "before_url": f"{compare}?old={earlier.number}&new={version.number}" if earlier else "",
                "before": earlier.number if earlier else "",
                "public_url": f"{compare}?old={version.number}&new={PUBLIC}" if past.record.is_published else "",
                "restore_url": (
                    self.url_of(past.record, "restore", version.number)
                    if past.may_restore and version.occasion == Version.Occasion.PUBLISHED
                    else ""
                ),
            }
            for version, earlier in zip(versions, before, strict=True)
        ]

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Any two versions side by side; what the public sees and what is in work, unless others are asked for."""
        past = self.past_for(request, object_id)
        old = request.GET.get("old") or past.earlier()
        new = request.GET.get("new") or past.newest()
        faults, texts = [], []
        for reference in (old, new):
            texts.append(past.data_of(reference) if reference else None)
            if reference and texts[-1] is None:
                words = _("There is no version “%(reference)s” of this record. Choose another one.")
                faults.append(words % {"reference": reference[:20]})
        is_comparable = all(text is not None for text in texts)
        choices = past.choices(old, new)
        return self._page(
            request,
            past,
            "compare",
            title=_("Compare versions of %(record)s") % {"record": past.record},
            faults=list(dict.fromkeys(faults)),
            is_empty=not choices or not (old and new),
            comparison=differences(*texts, self.model, past.may_name) if is_comparable else None,
            choices=choices,
            old=old,
            new=new,
            old_label=dict(choices).get(old, ""),
            new_label=dict(choices).get(new, ""),
        )

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Begin a change that reads like an old version, and say what had to be left out."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        past = self.past_for(request, object_id)
        if len(str(number)) > DIGITS_OF_A_VERSION:
            raise Http404
        version = past.versions.defer(None).filter(number=number).first()
        if version is None:
            raise Http404
        try:
            copy, lost = workflow.restore(version, by=request.user)
        except workflow.REFUSALS as error:
            words = _("Not done to “%(record)s”. %(why)s") % {"record": past.record, "why": error}
            self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(self.url_of(past.record, "history"))
        words = _("This change of “%(record)s” reads like version %(number)s.")
        self.message_user(request, words % {"record": past.record, "number": number}, messages.SUCCESS)
        if lost:
            words = _("What is no longer there was left out. %(lost)s.") % {"lost": "; ".join(dict.fromkeys(lost))}
            self.message_user(request, words, messages.WARNING)
        return HttpResponseRedirect(self.url_of(copy, "change"))
