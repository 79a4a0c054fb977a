"""The headers that every page carries."""

import pytest

from tests.factories import OrganisationFactory
from tests.strict_client import StrictClient

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]
ADDRESSES = ["/", "/partners/", "/nowhere/", "/admin/login/", "/feedback/", "/sitemap.xml", "/healthz", "/brand.css"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_has_a_strict_policy(client: StrictClient, address: str) -> None:
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Permissions-Policy"]


def test_a_public_page_may_be_kept_shortly_and_without_a_cookie(client: StrictClient) -> None:
    response = client.get(OrganisationFactory(published=True).get_absolute_url())
    assert response["Cache-Control"].startswith("public, max-age=15")
    assert not response.cookies


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/admin/jsi18n/", "/admin/partnerships/organisation/"])
def test_a_staff_page_is_never_kept(admin_client: StrictClient, address: str) -> None:
    assert admin_client.get(address)["Cache-Control"] == "private, no-store"


def test_a_missing_page_may_not_be_kept(client: StrictClient) -> None:
    assert "public" not in client.get("/nowhere/").get("Cache-Control", "")


@pytest.mark.parametrize("address", ["/partners/?kind=%00", "/programmes/?partner=%00", "/nowhere/?x=a%00b"])
def test_a_character_that_nobody_types_is_refused(client: StrictClient, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    "address", ["/admin/programmes/programme/?q=%00", "/admin/programmes/programme/?state__exact=%00"]
)
def test_it_is_refused_in_the_admin_too(admin_client: StrictClient, address: str) -> None:
    assert admin_client.get(address).status_code == 400


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/open-referral/services?search=%00", "application/problem+json"),
        ("/api/v1/partners?q=%00", "application/problem+json"),
        ("/fhir/Organization?name=%00", "application/fhir+json"),
        ("/partners.json?kind=%00", "application/problem+json"),
        ("/partners.csv?kind=%00", "text/plain"),
        ("/updates.atom?kind=%00", "text/plain"),
    ],
)
def test_programs_are_told_in_their_own_words_of_what_makes_no_sense(
    client: StrictClient, address: str, kind: str
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, kind)
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("root", ["/open-referral/", "/api/v1/", "/fhir/"])
def test_programs_are_told_in_their_own_words_of_what_no_address_has(client: StrictClient, root: str) -> None:
    answer = client.get(f"{root}a%0Ab")
    assert (answer.status_code, "json" in answer["Content-Type"]) == (404, True)
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_scripts_of_other_sites_may_follow_to_the_slash(client: StrictClient) -> None:
    answer = client.get("/open-referral")
    assert (answer.status_code, answer["Location"]) == (301, "/open-referral/")
    assert answer["Access-Control-Allow-Origin"] == "*"
