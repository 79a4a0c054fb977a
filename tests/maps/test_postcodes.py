"""Postcodes: only their first part is kept; the directory is imported whole or not at all."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.factories import PostcodeDistrictFactory
from trustportal.maps.models import PostcodeDistrict
from trustportal.maps.postcodes import UnreadableDirectory, as_district, district_of, middles_of

DIRECTORY = """pcd,pcd2,pcds,dointr,lat,long
"SE1 9RT","SE1  9RT","SE1 9RT",198001,51.503000,-0.087000
"SE1 7EH","SE1  7EH","SE1 7EH",198001,51.499000,-0.119000
"LS9 7TF","LS9  7TF","LS9 7TF",198001,53.806700,-1.520000
"AB1 0AA","AB1  0AA","AB1 0AA",198001,99.999999,0.000000
"""


@pytest.mark.parametrize(
    ("typed", "district"),
    [
        ("SE1 9RT", "SE1"),
        ("se19rt", "SE1"),
        (" EC1A 1BB ", "EC1A"),
        ("W1A0AX", "W1A"),
        ("SE 1 9RT", "SE1"),
        ("se171eh", "SE17"),
        ("SE1", None),
        ("Southwark", None),
        ("", None),
        ("SE1 9RT; DROP", None),
    ],
)
def test_the_district_of_a_whole_postcode(typed, district):
    assert district_of(typed) == district


@pytest.mark.parametrize(
    ("typed", "district"),
    [
        ("se1", "SE1"),
        (" EC1A", "EC1A"),
        ("SE 1", "SE1"),
        ("SE1 7", "SE1"),
        ("SE 1 7", "SE1"),
        ("SE1 7E", "SE1"),
        ("SE17", "SE17"),
        ("SE 17", "SE17"),
        ("SE17 1", "SE17"),
        ("SE1 71", None),
        ("W1 A", None),
        ("Leeds", None),
        ("SE", None),
    ],
)
def test_what_is_a_postcode_district(typed, district):
    assert as_district(typed) == district


def test_positions_are_averaged_by_district_and_those_that_are_not_known_left_out():
    middles = middles_of(DIRECTORY.splitlines())

    assert [(m.code, str(m.latitude), str(m.longitude), m.postcodes) for m in middles] == [
        ("LS9", "53.806700", "-1.520000", 1),
        ("SE1", "51.501000", "-0.103000", 2),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no column pcds and no column lat and no column long"),
        ("pcds,lat\nSE1 9RT,51", "no column long"),
        ("pcds,lat,long\nnonsense,51,0\n", "Line 2: “nonsense” is no postcode"),
        ("pcds,lat,long\nSE1 9RT,north,0\n", "Line 2: “north” is no position"),
        ("pcds,lat,long\nSE1 9RT,91,0\n", "Line 2: “91” is no position"),
        ("pcds,lat,long\nSE1 9RT,NaN,0\n", "Line 2: “NaN” is no position"),
        ("pcds,lat,long\nSE1 9RT,51\n", "Line 2 has too few columns"),
        ("pcds,lat,long\nSE1 9RT,99.999999,0\n", "no postcode with a position"),
    ],
)
def test_what_is_no_directory_is_refused_with_line_and_reason(text, fault):
    with pytest.raises(UnreadableDirectory, match=fault):
        middles_of(text.splitlines())


def run(file, *options: str) -> str:
    said = io.StringIO()
    call_command("import_postcode_districts", str(file), *options, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_the_directory_takes_the_place_of_what_was_there(tmp_path):
    PostcodeDistrictFactory(code="ZE1")
    file = tmp_path / "directory.csv"
    file.write_text(DIRECTORY, encoding="utf-8-sig")

    assert run(file) == "Imported 2 postcode districts from 3 postcodes.\n"
    assert run(file) == "Imported 2 postcode districts from 3 postcodes.\n"
    assert [district.code for district in PostcodeDistrict.objects.in_code_order()] == ["LS9", "SE1"]
    for district in PostcodeDistrict.objects.all():
        district.full_clean()


@pytest.mark.django_db
def test_a_dry_run_changes_nothing(tmp_path):
    file = tmp_path / "directory.csv"
    file.write_text(DIRECTORY)

    assert run(file, "--dry-run") == "Would import 2 postcode districts from 3 postcodes.\n"
    assert not PostcodeDistrict.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"pcds,lat,long\nSE1 9RT,51,0\nbroken,1,1\n", b"\xff\xfe\x00", b"a,b\n"])
def test_a_broken_file_imports_nothing(tmp_path, content):
    PostcodeDistrictFactory(code="ZE1")
    file = tmp_path / "directory.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=r"directory\.csv"):
        run(file)
    assert [district.code for district in PostcodeDistrict.objects.all()] == ["ZE1"]


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="cannot be opened"):
        run("/no/such/file.csv")
