"""The network: who works with whom, for the whole portal or around one partner, partnership or programme."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from partnerships.models import Organisation, Partnership
from partnerships.networks import ROLES as PARTNERSHIP_ROLES
from programmes.models import Programme
from programmes.networks import ROLES as PROGRAMME_ROLES
from trustportal.networks.files import as_data, as_graphml
from trustportal.networks.models import Node, Work
from trustportal.networks.reading import Choice, Relations, read, relations_in_rows
from trustportal.opendata.forms import add_links, wanted
from trustportal.opendata.linked import LinkedPage
from trustportal.opendata.linked import Node as Thing
from trustportal.opendata.openness import open_to_all
from trustportal.partial_date import PartialDate, PartialDateFormField
from trustportal.publishing.models import Publishable
from trustportal.website import linked
from trustportal.website.former import present, say_withdrawn
from trustportal.website.models import Portal
from trustportal.website.network_picture import Picture, picture_of

ROWS_PER_PAGE = 50
ROLES = {**PARTNERSHIP_ROLES, **PROGRAMME_ROLES}
ALL = ("", gettext_lazy("All"))
RECORDS: dict[str, type[Publishable]] = {
    "partner": Organisation, "with": Organisation, "programme": Programme, "partnership": Partnership
}  # fmt: skip
FILES = [
    ("network-svg", gettext_lazy("Picture (SVG)"), linked.SVG),
    ("network-graphml", gettext_lazy("For network programs (GraphML)"), linked.GRAPHML),
    ("network-json", gettext_lazy("Data (JSON)"), linked.JSON),
]


class NetworkForm(forms.Form):
    """By what readers narrow the network."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of partner"), choices=[ALL, *Organisation.Kind.choices], required=False
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("How far it reaches"), choices=[ALL, *Partnership.Scope.choices], required=False
    )
    ties = forms.ChoiceField(
        label=gettext_lazy("Tied by"),
        choices=[
            ("", gettext_lazy("Partnerships and programmes")),
            (Work.Sort.PARTNERSHIP, gettext_lazy("Partnerships")),
            (Work.Sort.PROGRAMME, gettext_lazy("Programmes")),
        ],
        required=False,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as-at"] = PartialDateFormField(  # "as-at" cannot be written as an attribute
            label=_("As at"), help_text=_("For example: 2018 or 1 April 2018."), required=False
        )


class NetworkView(TemplateView):
    """What a reader asked to see of the network. An unknown value in the address is answered with 404."""

    template_name = "website/network.html"
    ending = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, open to other sites' scripts."""
        return open_to_all(super().as_view(**initkwargs))

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Read the address."""
        super().setup(request, *args, **kwargs)
        self.form = NetworkForm(request.GET)
        faults = self.form.errors
        if set(faults) - {"as-at"}:
            raise Http404(_("There is no such choice."))
        self.opened = request.GET.get("open", "")
        if self.opened and self.opened not in Organisation.Kind.values:
            raise Http404(_("There is no such kind of partner."))
        after = request.GET.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 5):
            raise Http404(_("There is no such page."))
        self.after = int(after)
        if request.GET.get("steps", "") not in {"", "1", "2"}:
            raise Http404(_("The network is shown one or two steps around a partner."))

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """The answer; of an address of before the way to the present one; of what was withdrawn, why.

        Raises Http404 for a record that the public does not see.
        """
        query = request.GET.copy()
        if "at" in query:  # which the date was called before
            query.setdefault("as-at", query.pop("at")[-1])
        for name, found in self.found.items():
            slug = query.get(name)
            if found or not slug:
                continue
            record = present(RECORDS[name], slug)
            if record is None or (record.is_published and record.slug == slug):
                raise Http404(_("There is no such record."))
            if record.slug == slug:
                return say_withdrawn(request, record, self.ending)
            query[name] = record.slug
        if query != request.GET:
            return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def choice(self) -> Choice:
        """What to read. Raises Http404 for records that do not go together."""
        chosen, found = self.form.cleaned_data, self.found
        if sum(bool(found[name]) for name in ("partner", "programme", "partnership")) > 1:
            raise Http404(_("Choose one partner, one partnership or one programme."))
        if found["with"] and not found["partner"]:
            raise Http404(_("Choose the other partner, too."))
        return Choice(
            partner=found["partner"],
            other=found["with"],
            work=found["programme"] or found["partnership"],
            steps=int(self.request.GET.get("steps") or 1),
            kind=chosen.get("kind", ""),
            scope=chosen.get("scope", ""),
            sort=chosen.get("ties", ""),
            at=chosen.get("as-at"),
        )

    @cached_property
    def found(self) -> dict[str, Node | Work | None]:
        """What the address names, by the word for it; None where it names nothing, or nothing that is there."""
        return {name: self.named(name, self.request.GET.get(name, "")) for name in RECORDS}

    def named(self, name: str, slug: str) -> Node | Work | None:
        """The partner, the partnership or the programme of that slug, which may be any text."""
        if not slug_re.match(slug):
            return None
        if RECORDS[name] is Organisation:
            return Node.objects.filter(slug=slug).first()
        return Work.objects.filter(sort=name, slug=slug).first()

    @cached_property
    def host(self) -> Organisation | None:
        """The organisation whose portal it is."""
        return Portal.objects.current().host

    @cached_property
    def relations(self) -> Relations:
        """What was asked for."""
        return read(self.choice, first=self.host.network_key if self.host else "")

    @cached_property
    def picture(self) -> Picture:
        """The picture of it."""
        return picture_of(
            self.relations,
            query=self.request.GET,
            opened=self.opened,
            after=self.after,
            host=self.host.network_key if self.host else "",
        )

    def address_of(self, name: str, **changes: str) -> str:
        """The address of the page or a file of the present choice."""
        query = self.request.GET.copy()
        query.pop("page", None)
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query[key] = value
        return f"{reverse(name)}?{query.urlencode()}" if query else reverse(name)

    @property
    def files(self) -> list[tuple[object, str, str]]:
        """The files of the present choice: words, address, media type."""
        return [(words, self.address_of(name), media_type) for name, words, media_type in FILES]


class NetworkPage(LinkedPage, NetworkView):
    """The picture, the sentence that says what it shows, and the same as a table."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """The page, or JSON where the request prefers it; its other forms are named."""
        if wanted(request, ["json"]):
            response = NetworkJSON.as_view()(request)
        else:
            response = super().dispatch(request, *args, **kwargs)
        if response.status_code == 200:
            add_links(response, [(address, "alternate", media_type) for _words, address, media_type in self.files])
        patch_vary_headers(response, ["Accept"])
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """All of it."""
        choice, relations = self.choice, self.relations
        rows = relations_in_rows(relations)
        page = Paginator(rows, ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "choice": choice,
            "start": choice.start,
            "picture": self.picture,
            "relations": relations,
            "page_obj": page,
            "rows": [(row, ROLES.get(row.part.role, row.part.role)) for row in page],
            "row_count": len(rows),
            "unknown_starts": sum(row.period_unknown for row in rows),
            "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "kept": [(name, self.request.GET[name]) for name in (*RECORDS, "steps") if self.request.GET.get(name)],
            "is_narrowed": any([choice.kind, choice.scope, choice.sort, choice.at]),
            "clear": self.address_of("network", kind="", scope="", ties="", **{"as-at": ""}),
            "one_step": self.address_of("network", steps=""),
            "two_steps": self.address_of("network", steps="2"),
            "files": self.files,
        }

    def linked_data(self, context: dict[str, object]) -> list[Thing]:
        """What it shows, whose it is, and its files."""
        start = context["start"]
        return linked.picture_page(
            self.address_of("network"),
            _("Network of %(name)s") % {"name": start.name} if start else _("Network"),
            context["picture"].sentence,
            [(address, media_type) for _words, address, media_type in self.files],
            about=linked.about_start(start) if start else None,
        )


class NetworkFile(NetworkView):
    """The present choice in another form, at the address of the page with another ending."""

    content_type = ""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """The file; 400 where the date cannot be read."""
        if self.form.errors:
            words = " ".join(self.form.errors["as-at"])
            return HttpResponse(words, content_type="text/plain; charset=utf-8", status=400)
        response = HttpResponse(self.content(), content_type=self.content_type)
        response["Content-Disposition"] = f'attachment; filename="network.{self.ending}"'
        return response

    def content(self) -> str | bytes:
        """What is in the file."""
        raise NotImplementedError

    def data(self) -> dict:
        """Nodes and links."""
        kinds = {value: str(label) for value, label in Organisation.Kind.choices}
        roles = {value: str(label) for value, label in ROLES.items()}
        return as_data(self.relations, site=settings.SITE_URL, kinds=kinds, roles=roles)


class NetworkGraphML(NetworkFile):
    """For programs that analyse networks."""

    content_type, ending = "application/graphml+xml; charset=utf-8", "graphml"

    def content(self) -> bytes:
        """The graph."""
        return as_graphml(self.data())


class NetworkJSON(NetworkFile):
    """As data."""

    content_type, ending = "application/json; charset=utf-8", "json"

    def content(self) -> str:
        """What it shows, when and of what it was taken, nodes and links."""
        at: PartialDate | None = self.choice.at
        about = {"address": settings.SITE_URL + self.address_of("network"), "as_at": str(at or "")}
        facts = {"shows": self.picture.sentence, "is_cut": self.relations.is_cut, **about, **self.data()}
        return json.dumps(facts, ensure_ascii=False, indent=1)


class NetworkSVG(NetworkFile):
    """The wide picture."""

    content_type, ending = "image/svg+xml; charset=utf-8", "svg"

    def content(self) -> str:
        """The drawing, with its links as whole addresses."""
        return render_to_string(
            "networks/network.svg",
            {"drawing": self.picture.wide, "label": self.picture.sentence, "site": settings.SITE_URL, "is_file": True},
        )
