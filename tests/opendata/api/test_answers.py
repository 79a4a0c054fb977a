"""Methods, errors, marks of what was read, and other sites' scripts: the same at every address."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from partnerships.models import Organisation
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.opendata.api.asking import ROOT, Asking
from trustportal.opendata.api import resources
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-4000-8000-000000000000"


def problem_in(response: HttpResponse, status: int) -> dict:
    """What an answer says is wrong; fails unless it is a problem as RFC 9457 has it, open to all."""
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    said = response.json()
    assert response.status_code == said["status"] == status
    assert said["title"]
    assert said["detail"].endswith((".", "?"))
    assert said["type"].startswith("http")
    return said


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("limt=1", "limt", "Did you mean “limit”?"),
        ("ods=RJ1", "ods", "There are: kind"),
        ("limit=0", "limit", "from 1 to 100"),
        ("limit=101", "limit", "from 1 to 100"),
        ("limit=ten", "limit", "from 1 to 100"),
        ("limit=1&limit=2", "limit", "Give it once."),
        ("kind=hospital", "kind", "Write one of: nhs-trust"),
        ("part_of_id=RJ1", "part_of_id", "Write the id of a record"),
        ("fields=name,knd", "fields", "Did you mean “kind”?"),
        (f"fields={','.join(['name'] * 101)}", "fields", "at most 100"),
        ("modified_since=yesterday", "modified_since", "2026-03-02T12:00:00Z"),
        ("modified_since=2026-03-02", "modified_since", "2026-03-02T12:00:00Z"),
        ("modified_since=1700000000", "modified_since", "2026-03-02T12:00:00Z"),
        ("active=2023-02-29", "active", "2018-05-12"),
        ("&".join(["kind=council"] * 21), "kind", "at most 20 values"),
        (f"q={'a' * 201}", "q", "at most 200"),
        ("q=", "q", "at most 200"),
        ("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor", "begin anew"),
        ("cursor=æ", "cursor", "begin anew"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_write(api: Asking, query: str, parameter: str, says: str):
    said = problem_in(api.get(f"{ROOT}partners?{query}"), 400)
    assert parameter in said["detail"]
    assert says in said["detail"]
    assert [error["parameter"] for error in said["errors"]] == [parameter]


@pytest.mark.parametrize("query", [f"q={'a' * 10_000}", "&".join(["kind=council"] * 500), "q=%00"])
def test_too_much_and_nonsense_are_refused(api: Asking, query: str):
    problem_in(api.get(f"{ROOT}partners?{query}"), 400)


@pytest.mark.parametrize(
    "path",
    ["nothing", "partners/nothing", f"partners/{NOBODY}", "partners/by-slug/nothing", "partners/by-slug/",
     "areas/by-slug/southwark", "partners/x/y/z", "nothing/"],
)  # fmt: skip
def test_where_there_is_nothing_it_is_said(api: Asking, path: str):
    response = api.get(ROOT + path)
    problem_in(api.get(response["Location"]) if response.status_code == 301 else response, 404)


def test_a_slash_too_many_leads_on(api: Asking):
    assert api.ask("partners/?limit=1&kind=council&kind=charity", 301)["Location"].endswith(
        "/api/v1/partners?limit=1&kind=council&kind=charity"
    )
    assert api.get(ROOT.rstrip("/"))["Location"] == ROOT


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["", "partners", "nothing"])
def test_nothing_can_be_changed(api: Asking, method: str, path: str):
    response = getattr(api, method)(ROOT + path)
    problem_in(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_json_alone_is_to_be_had(api: Asking):
    for accepted in ("application/json", "*/*", "application/*", "text/html, */*;q=0.8", "Application/JSON"):
        api.ask("partners", Accept=accepted)
    for accepted in ("text/csv", "text/html", "application/xml"):
        problem_in(api.get(f"{ROOT}partners", headers={"Accept": accepted}), 406)


@pytest.mark.parametrize(("error", "status"), [(OperationalError("gone"), 503), (ImproperlyConfigured("oh"), 500)])
def test_our_faults_are_problems_that_tell_nothing(api: Asking, monkeypatch, caplog, error: Exception, status: int):
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(resources.Resource, "page", fail)
    said = problem_in(api.get(f"{ROOT}partners"), status)
    assert str(error) not in json.dumps(said)
    assert str(error) in caplog.text


def test_head_is_as_get_without_the_body(api: Asking):
    for path in ("", "partners", "openapi.json"):
        head, get = api.head(ROOT + path), api.get(ROOT + path)
        assert head.content == b""
        for header in ("ETag", "Content-Type", "Content-Length", "Link", "Cache-Control"):
            assert head[header] == get[header]


def test_other_sites_scripts_may_ask(api: Asking):
    for path in ("", "partners", f"partners/{NOBODY}", "nothing"):
        before = api.options(
            ROOT + path,
            headers={"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"},
        )
        assert before.status_code == 204
        assert "GET" in before["Access-Control-Allow-Methods"]
        assert before["Access-Control-Allow-Headers"] == "if-none-match"
        response = api.get(ROOT + path, headers={"Origin": "https://example.org"})
        assert response["Access-Control-Allow-Origin"] == before["Access-Control-Allow-Origin"] == "*"
        assert {"ETag", "Link"} <= set(response["Access-Control-Expose-Headers"].split(", "))


def test_what_somebody_has_already_is_not_sent_again(api: Asking):
    partner = OrganisationFactory(published=True)
    for address in ("partners", f"partners/{partner.uuid}", "openapi.json", ""):
        mark = api.ask(address)["ETag"]
        assert mark.startswith('"')  # of the bytes, as they are
        again = api.ask(address, 304, **{"If-None-Match": f'"other", {mark}'})
        assert again.content == b""
        assert again["ETag"] == mark
        assert again["Cache-Control"] == "public, max-age=60"


def test_what_changes_in_other_records_is_sent_though_the_date_of_the_record_stays(api: Asking):
    membership = MembershipFactory(partnership__published=True, organisation__published=True)
    address = f"partnerships/{membership.partnership.uuid}"
    before = api.ask(address)
    Organisation.objects.filter(pk=membership.organisation_id).update(name="Another name")
    far_ahead = http_date(timezone.now().timestamp() + 1000)
    assert "Last-Modified" not in before
    for headers in ({"If-Modified-Since": far_ahead}, {"If-None-Match": before["ETag"]}):
        after = api.ask(address, **headers)
        assert after.json()["modified"] == before.json()["modified"]
        assert after["ETag"] != before["ETag"]


def test_an_end_before_the_beginning_is_refused_and_the_same_year_is_not(api: Asking):
    said = problem_in(api.get(f"{ROOT}programmes?active-from=2021&active-to=2020"), 400)
    assert [error["parameter"] for error in said["errors"]] == ["active-to"]
    assert "before the beginning" in said["detail"]
    api.ask("programmes?active-from=2021-05&active-to=2021")


def test_an_address_of_a_page_leads_to_the_record_the_former_one_too(api: Asking):
    partner = OrganisationFactory(published=True, slug="before")
    partner = Organisation.objects.get(pk=partner.pk)
    partner.slug = "now"
    partner.save()
    for slug in ("before", "now"):
        answer = api.ask(f"partners/by-slug/{slug}", 301)
        assert api.read(answer["Location"])["id"] == str(partner.uuid)
    assert api.read(answer["Location"])["address"].endswith(reverse("organisation-detail", args=["now"]))


def test_of_a_withdrawn_record_there_is_a_tombstone(api: Asking, publisher):
    partner = OrganisationFactory(name="Quite gone", slug="gone", published=True)
    api.ask(f"partners/{partner.uuid}")
    workflow.withdraw(partner, by=UserFactory(superuser=True), reason="It was a mistake.", see_instead="/partners/")
    partner.refresh_from_db()
    for path in (f"partners/{partner.uuid}", "partners/by-slug/gone"):
        said = problem_in(api.get(ROOT + path), 410)
        assert said["id"] == str(partner.uuid)
        assert said["withdrawn"] == partner.modified_at.isoformat(timespec="seconds")
        assert said["reason"] == said["detail"] == "It was a mistake."
        assert said["see_instead"] == "http://127.0.0.1:8000/partners/"
        assert "Quite gone" not in json.dumps(said)
