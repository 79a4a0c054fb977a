"""The portal's settings in the admin."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.admin.conftest import boxes, errors_of, url_of
from tests.factories import PortalFactory
from tests.strict_client import StrictClient
from trustportal.website.models import Portal

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def picture(form: str = "PNG", size: tuple[int, int] = (1200, 300), **more: object) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, "#005eb8").save(file, form, **more)
    return SimpleUploadedFile(f"logo.{form.lower()}", file.getvalue())


def change(client: StrictClient, **typed: object) -> object:
    url = url_of(Portal.objects.get(), "change")
    return client.post(url, boxes(client.get(url)) | typed, follow=True)


@pytest.fixture
def portal() -> Portal:
    return PortalFactory()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_drawn_anew_as_a_small_png(administrator: StrictClient, portal: Portal, form: str) -> None:
    change(administrator, logo_upload=picture(form), logo_alt="Example Trust")
    portal.refresh_from_db()
    stored = Image.open(io.BytesIO(bytes(portal.logo)))
    assert (stored.format, stored.size) == ("PNG", (600, 150))


def test_what_else_a_picture_holds_does_not_reach_the_readers(administrator: StrictClient, portal: Portal) -> None:
    change(administrator, logo_upload=picture("JPEG", comment=b"<script>hidden</script>"), logo_alt="Example Trust")
    portal.refresh_from_db()
    assert b"hidden" not in bytes(portal.logo)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("logo.svg", SVG), "SVG is not accepted"),
        (SimpleUploadedFile("logo.png", SVG), "SVG is not accepted"),
        (SimpleUploadedFile("logo.png", b"not a picture"), "cannot read this as a picture"),
        (SimpleUploadedFile("logo.png", b"x" * (2 * 1024 * 1024 + 1)), "larger than 2 MB"),
        (SimpleUploadedFile("logo.png", picture().read()[:300]), "damaged"),
        (picture("BMP"), "cannot read this as a picture"),
        (picture(size=(5000, 10)), "larger than 4,000 pixels"),
        (picture(size=(20000, 10000)), "far too large"),
    ],
    ids=["svg", "svg-as-png", "text", "large-file", "cut-off", "bmp", "wide", "bomb"],
)
def test_what_is_no_fitting_picture_is_refused_in_plain_words(
    administrator: StrictClient, portal: Portal, upload: SimpleUploadedFile, words: str
) -> None:
    upload.seek(0)
    response = change(administrator, logo_upload=upload, logo_alt="Example Trust")
    assert words in errors_of(response)
    portal.refresh_from_db()
    assert portal.logo is None


def test_a_logo_needs_its_words_and_words_need_a_logo(administrator: StrictClient, portal: Portal) -> None:
    assert "Say in words what the logo shows" in errors_of(change(administrator, logo_upload=picture()))
    assert "Leave this empty while there is no logo." in errors_of(change(administrator, logo_alt="Example Trust"))


def test_a_logo_is_removed_with_its_words(administrator: StrictClient, portal: Portal) -> None:
    assert "remove_logo" not in administrator.get(url_of(portal, "change")).content.decode()
    change(administrator, logo_upload=picture(), logo_alt="Example Trust")
    assert 'alt="Example Trust"' in administrator.get(url_of(portal, "change")).content.decode()
    change(administrator, remove_logo="on")
    portal.refresh_from_db()
    assert (portal.logo, portal.logo_alt) == (None, "")


def test_a_logo_stays_when_something_else_is_changed(administrator: StrictClient, portal: Portal) -> None:
    change(administrator, logo_upload=picture(), logo_alt="Example Trust")
    change(administrator, name="Our partnerships")
    portal.refresh_from_db()
    assert portal.name == "Our partnerships"
    assert portal.logo


@pytest.mark.parametrize(
    ("accent", "words"),
    [("blue", "six digits or small letters"), ("#12345", "six digits"), ("#ffeb3b", "White text on this colour")],
)
def test_an_unfit_colour_is_refused_in_plain_words(
    administrator: StrictClient, portal: Portal, accent: str, words: str
) -> None:
    assert words in errors_of(change(administrator, accent=accent))


def test_a_colour_may_be_typed_in_capitals(administrator: StrictClient, portal: Portal) -> None:
    change(administrator, accent=" #003087 ".upper())
    portal.refresh_from_db()
    assert portal.accent == "#003087"


def test_there_is_one_row_of_settings_and_its_form_is_the_list(administrator: StrictClient) -> None:
    assert administrator.get(url_of(Portal, "changelist")).url == url_of(Portal, "add")
    portal = PortalFactory()
    assert administrator.get(url_of(Portal, "changelist")).url == url_of(portal, "change")
    assert administrator.get(url_of(Portal, "add")).status_code == 403
    assert administrator.post(url_of(portal, "delete"), {"post": "yes"}).status_code == 403


def test_publishers_do_not_change_the_settings(publisher: StrictClient, portal: Portal) -> None:
    assert publisher.get(url_of(portal, "change")).status_code == 403
