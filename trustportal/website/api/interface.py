"""The interface itself: an address for each list and each record, what describes it, and where one begins."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from ninja.decorators import decorate_view
from pydantic import AnyUrl, BaseModel, ConfigDict, Field

from trustportal.opendata.api.answering import json_answer
from trustportal.opendata.api.description import Document, described
from trustportal.opendata.api.endpoints import (
    ANYWHERE,
    add_endpoints,
    addresses,
    interface,
    knowing,
    nothing_there,
    problems,
)
from trustportal.opendata.api.fields import address_of
from trustportal.opendata.api.problems import EXPLAINED_AT
from trustportal.opendata.api.schemas import models_of
from trustportal.opendata.forms import LICENCE
from trustportal.website.api.resources import RESOURCES, by_slug
from trustportal.website.datasets import DATASETS

BY_NAME = {resource.name: resource for resource in RESOURCES}
MODELS = models_of(DATASETS)


class Entry(BaseModel):
    """A list that can be read here."""

    name: str = Field(description="Its name in addresses.", examples=["partners"])
    title: str = Field(description="What it is called.", examples=["Partners"])
    description: str = Field(description="What is in it.")
    href: AnyUrl = Field(description="Its address.")


class Index(BaseModel):
    """Where one begins."""

    model_config = ConfigDict(extra="forbid")

    title: str
    version: str
    lists: list[Entry] = Field(description="All lists.")
    described_at: AnyUrl = Field(description="The OpenAPI document.")
    documentation: AnyUrl = Field(description="The page that explains it all.")
    licence: AnyUrl = Field(description="What you may do with it: the Open Government Licence v3.0.")


API = interface(
    _("Partnerships portal"),
    _(
        "All that is public on the portal, to be read by programs. Lists come page by page, a record with its parts. "
        "No key is needed."
    ),
)


@API.get(
    "/",
    response={200: Index, **problems(*ANYWHERE)},
    operation_id="read_index",
    summary="Where one begins",
    tags=[""],
)
@decorate_view(knowing({}))
def index(request: HttpRequest) -> HttpResponseBase:
    """All lists with their addresses."""
    data = {
        "title": API.title,
        "version": API.version,
        "lists": [
            {
                "name": one.name,
                "title": str(one.dataset.title),
                "description": str(one.dataset.description),
                "href": address_of(one.name),
            }
            for one in RESOURCES
        ],
        "described_at": address_of("openapi.json"),
        "documentation": f"{settings.SITE_URL}{EXPLAINED_AT}",
        "licence": LICENCE,
    }
    return json_answer(request, data)


@cache
def document() -> Document:
    """The OpenAPI document."""
    contact = {"name": _("Contact"), "url": f"{settings.SITE_URL}/contact/"}
    return described(API, BY_NAME, contact)


@API.get(
    "/openapi.json",
    response={200: dict[str, Any], **problems(*ANYWHERE)},
    operation_id="read_description",
    summary="This description",
    tags=[""],
)
@decorate_view(knowing({}))
def description(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document."""
    return json_answer(request, document())


for resource in RESOURCES:
    add_endpoints(API, resource, MODELS[resource.name], by_slug)

urlpatterns: list[URLPattern] = [*addresses(API), re_path(r"^(?P<path>.*)$", nothing_there)]
