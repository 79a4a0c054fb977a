"""People in their roles, and forms filled in as a browser would."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from tests.factories import UserFactory
from tests.strict_client import StrictClient, parsed
from trustportal.accounts.models import User


def person_in(role: str) -> User:
    """Somebody with one role."""
    person = UserFactory(is_staff=True)
    person.groups.set(Group.objects.filter(name=role))
    return person


def client_of(person: User) -> StrictClient:
    """Their browser."""
    client = StrictClient()
    client.force_login(person)
    return client


@pytest.fixture
def author(db: None) -> StrictClient:
    """An author's browser."""
    return client_of(person_in("Author"))


@pytest.fixture
def publisher(db: None) -> StrictClient:
    """A publisher's browser."""
    return client_of(person_in("Publisher"))


@pytest.fixture
def administrator(db: None) -> StrictClient:
    """An administrator's browser."""
    return client_of(person_in("Administrator"))


def url_of(record: Model | type[Model], page: str, *args: object) -> str:
    """The address of an admin page: url_of(Programme, "changelist"), url_of(programme, "change")."""
    options = record._meta
    pk = [] if isinstance(record, type) else [record.pk]
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=[*pk, *args])


def boxes(response: HttpResponse) -> dict[str, object]:
    """What a browser would send if nothing were typed into the page's main form."""
    page = parsed(response.content.decode())[0]
    form = next(form for form in page.iter("form") if (form.get("id") or "").endswith("_form"))
    sent: dict[str, object] = {}
    for box in form.iter():
        name = box.get("name") if isinstance(box.tag, str) else None
        if not name or "__prefix__" in name or box.get("type") in {"submit", "file"}:
            continue
        if box.tag == "select":
            chosen = [option.get("value") for option in box.iter("option") if option.get("selected") is not None]
            if box.get("multiple") is not None:
                sent[name] = chosen
            else:
                options = [option.get("value") for option in box.iter("option")]
                sent[name] = (chosen or options or [""])[0]
        elif box.tag == "textarea":
            sent[name] = "".join(box.itertext()).removeprefix("\n")
        elif box.get("type") in {"checkbox", "radio"}:
            if box.get("checked") is not None:
                sent.setdefault(name, []).append(box.get("value") or "on")
        elif box.tag == "input":
            sent[name] = box.get("value") or ""
    return sent


def save(client: StrictClient, url: str, typed: dict[str, object] | None = None, **more: object) -> HttpResponse:
    """Open a form, type, and save."""
    data = boxes(client.get(url)) | (typed or {}) | more
    return client.post(url, data | {"_save": "Save"}, follow=True)


def in_january(day: int = 1) -> datetime.datetime:
    """Nine o'clock on a day of the next January."""
    return datetime.datetime(timezone.localdate().year + 1, 1, day, 9, tzinfo=datetime.UTC)


def in_box(at: datetime.datetime) -> str:
    """A time in winter as the box for it sends it."""
    return f"{at:%Y-%m-%dT%H:%M}"


def add_row(data: dict[str, object], prefix: str, **typed: object) -> dict[str, object]:
    """The boxes with one more row in an inline."""
    count = int(data[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{count}-{name}": value for name, value in typed.items()}
    return {**data, **row, f"{prefix}-TOTAL_FORMS": count + 1}


def messages_of(response: HttpResponse) -> str:
    """What the admin said."""
    return " ".join(str(message) for message in response.context["messages"])


def errors_of(response: HttpResponse) -> str:
    """What the form complained about."""
    return " ".join(str(error) for error in response.context["errors"])


def boxes_to_copy(response: HttpResponse) -> dict[str, str]:
    """What was typed and could not be saved, by label, as a page shows it to be copied."""
    page = parsed(response.content.decode())[0]
    labels = {label.get("for"): "".join(label.itertext()) for label in page.iter("label")}
    return {
        labels[box.get("id")]: "".join(box.itertext())
        for box in page.iter("textarea")
        if box.get("readonly") is not None
    }
