"""What the interface says when it cannot answer: RFC 9457, in plain English, with what to do."""

import difflib
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from trustportal.opendata.dataset import Words
from trustportal.opendata.writing import for_json

MEDIA_TYPE = "application/problem+json"
EXPLAINED_AT = "/data/api/"

# By status: the name of the problem on the page that explains them, its title, and what to do.
KINDS: dict[int, tuple[str, Words, Words]] = {
    400: ("wrong-question", _("The question cannot be answered"), _("Change what `detail` and `errors` name.")),
    404: ("not-found", _("There is nothing at this address"), _("Look for the address in the list.")),
    405: ("wrong-method", _("Data can be read here, and not changed"), _("Use GET or HEAD.")),
    406: ("wrong-form", _("This is to be had as JSON alone"), _("Accept application/json.")),
    410: ("withdrawn", _("This record was withdrawn"), _("Delete your copy, and look at `see_instead`.")),
    500: ("our-fault", _("Something went wrong on our side"), _("Ask again in a few minutes. If it stays, tell us.")),
    503: ("not-now", _("We cannot answer just now"), _("Ask again after the time in `Retry-After`.")),
}
RETRY_AFTER = "60"  # seconds


class Fault(BaseModel):
    """What is wrong with one parameter."""

    parameter: str = Field(description="The name of the parameter.", examples=["limit"])
    detail: str = Field(description="What to write instead.", examples=["Write a whole number from 1 to 100."])


class Problem(BaseModel):
    """Why there is no answer, and what to do (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(
        description="The address that explains this kind of problem.", json_schema_extra={"format": "uri"}
    )
    title: str = Field(description="What kind of problem it is.")
    status: int = Field(description="The status of the answer.", ge=400, le=599)
    detail: str = Field(description="What is wrong here, and what to do.")
    errors: list[Fault] = Field(default_factory=list, description="What is wrong with single parameters.")


class ProblemError(Exception):
    """There is no answer, for a reason that whoever asked should learn."""

    def __init__(self, status: int, detail: Words = "", **more: Any) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.more = status, detail, more


def address_of_problem(status: int) -> str:
    """Where a kind of problem is explained."""
    return f"{settings.SITE_URL}{EXPLAINED_AT}#{KINDS[status][0]}"


def problem(status: int, detail: Words = "", **more: Any) -> HttpResponse:
    """The answer that says what is wrong; without `detail`, what one can say of all of the kind."""
    _name, title, advice = KINDS[status]
    said = {
        "type": address_of_problem(status),
        "title": str(title),
        "status": status,
        "detail": str(detail or advice),
        **{name: str(value) if isinstance(value, Promise) else value for name, value in more.items()},
    }
    body = json.dumps(said, default=for_json, ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Of names that there are, the one that looks most like another; "" where none does."""
    return next(iter(difflib.get_close_matches(wrong[:50].lower(), known, n=1, cutoff=0.5)), "")
