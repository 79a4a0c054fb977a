"""The downloads of the NHS Organisation Data Service: what each line states, or why it is refused, and nothing else."""

import csv
import io
import json
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ods_samples import (
    CODES,
    ETR,
    GUYS,
    LEEDS,
    STU3,
    bundle,
    organisation_line,
    resource,
    successor_line,
)
from trustportal.importing.cells import Unreadable
from trustportal.importing.ods import bundles, downloads
from trustportal.importing.ods.downloads import Download, opened
from trustportal.importing.ods.names import readable, same
from trustportal.importing.ods.statements import Fault, Followed, Stated, Statement
from trustportal.partial_date import PartialDate

pytestmark = pytest.mark.either_database

MB = 1_000_000


def read(content: str | bytes) -> list[Statement]:
    data = content.encode() if isinstance(content, str) else content
    return list(Download("etr.csv", io.BytesIO(data)).statements())


def why(content: str | bytes) -> str:
    """What is said about a file that cannot be read."""
    with pytest.raises(Unreadable) as caught:
        read(content)
    return str(caught.value)


def read_or_refuse(content: bytes) -> None:
    """Any bytes give statements, faults with a place and a sentence, or the one error with a sentence."""
    refusal = ""
    try:
        for said in read(content):
            assert said.at
            assert not isinstance(said, Fault) or said.words.endswith(".")
            assert isinstance(said, Fault) or re.fullmatch("[A-Z0-9]{3,10}", said.code)
    except Unreadable as error:
        refusal = str(error)
    assert refusal == "" or refusal.endswith((".", "?"))


# CSV


def test_each_line_of_a_file_of_organisations_states_one():
    first, _second, third = read(ETR)

    assert first == Stated("Line 1", "RJ1", GUYS, town="LONDON", opened_on=PartialDate(1993, 4, 1))
    assert (third.at, third.code, third.name) == ("Line 3", "RR8", LEEDS)
    assert third.closed_on is None


def test_each_line_of_a_file_of_successors_states_who_followed():
    assert read(successor_line("ZZ1", "ZZ2", "20220701") + successor_line("ZZ1", "ZZ3")) == [
        Followed("Line 1", "ZZ1", "ZZ2", PartialDate(2022, 7, 1)),
        Followed("Line 2", "ZZ1", "ZZ3", None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_usual_encoding_and_line_end_is_read(encoding: str, end: str):
    line = organisation_line("zz1", "YSBYTY GWYNEDD – ŵ".replace("ŵ", "É"), "LLANDRINDOD")
    text = f"{end}{line}{end}{line}".replace("\r\n", end)

    first, second = read(text.encode(encoding))

    assert (first.code, first.name) == ("ZZ1", "YSBYTY GWYNEDD – É")
    assert (first.at, second.at) == ("Line 2", "Line 4")


def test_headings_are_read_in_any_order_and_columns_beside_them_are_not():
    text = "CLOSE DATE,Unheard of,NAME,ORGANISATIONCODE\n20250331,x,A (MADE UP),ZZ1\n"

    assert read(text) == [Stated("Line 2", "ZZ1", "A (MADE UP)", closed_on=PartialDate(2025, 3, 31))]
    assert read("organisation_code;succession organisation code;succession effective date\nZZ1;ZZ2;2025-04-01\n") == [
        Followed("Line 2", "ZZ1", "ZZ2", PartialDate(2025, 4, 1))
    ]


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        (organisation_line("R!1", "A"), "organisation code", "R!1"),
        (organisation_line("", "A"), "organisation code", ""),
        (organisation_line("ß1", "A"), "organisation code", "ß1"),
        (organisation_line("ZZ1", ""), "name", ""),
        (organisation_line("ZZ1", "A" * 201), "name", "A" * 39 + "…"),
        (organisation_line("ZZ1", "=1+1"), "name", "=1+1"),
        (organisation_line("ZZ1", "A\x07"), "name", "A�"),
        (organisation_line("ZZ1", "A", "T" * 101), "address line 4", "T" * 39 + "…"),
        (organisation_line("ZZ1", "A", opened="1 April"), "open date", "1 April"),
        (organisation_line("ZZ1", "A", closed="20250231"), "close date", "20250231"),
        (organisation_line("ZZ1", "A", closed="00000101"), "close date", "00000101"),
        (organisation_line("ZZ1", "A").replace("\r\n", ",more\r\n"), "", "ZZ1"),
        ("ZZ1,A\r\n", "", "ZZ1"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_line_column_and_value(line: str, column: str, value: str):
    before, fault, after = read(ETR.splitlines(keepends=True)[0] + line + organisation_line("ZZ9", "B"))

    assert (before.code, after.code) == ("RJ1", "ZZ9")
    assert isinstance(fault, Fault)
    assert (fault.at, fault.column, fault.value) == ("Line 2", column, value)
    assert fault.words.endswith(".")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (successor_line("ZZ1", ""), "succession organisation code"),
        (successor_line("ZZ1", "ZZ1"), "succession organisation code"),
        (successor_line("ZZ1", "ZZ2", "soon"), "succession effective date"),
    ],
)
def test_a_succession_that_cannot_be_is_refused(line: str, column: str):
    [fault] = read(line)

    assert isinstance(fault, Fault)
    assert fault.column == column


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n\r\n", "The file is empty."),
        (b"ZZ1,A,B\n", "Line 1 has 3 cells"),
        (b"Organisation code,Name\nZZ1,A\n", "not all that are needed"),
        (b"%PDF-1.4\n", "Line 1 has 1 cell (“%PDF-1.4”)"),
        (organisation_line("ZZ1", 'A"B').encode(), "quotation mark"),
        (ETR.encode() + b"ZZ1,\0\n", "no text. Save the table as CSV."),
        (b"{", "cut short"),
        (b"[1]", "neither a FHIR Bundle"),
        (b'{"resourceType": "Patient"}', "neither a FHIR Bundle"),
        (b'{"resourceType": "Bundle", "entry": 1}', "neither a FHIR Bundle"),
        (b"[" * 200_000, "cut short"),
        (b'{"n": ' + b"9" * 5000 + b"}", "cut short"),
    ],
)
def test_a_file_that_is_no_such_download_is_refused_as_a_whole(content: bytes, words: str):
    assert words in why(content)


def test_a_long_file_is_not_held_in_memory(tmp_path: Path):
    path = tmp_path / "etr.csv"
    path.write_text(organisation_line("ZZ1", "A TRUST THAT IS MADE UP", "LONDON") * 4_000)

    with opened(path) as [download]:
        tracemalloc.start()
        number = sum(1 for _said in download.statements())
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert number == 4_000
    assert most < MB


# FHIR


def test_an_organisation_of_the_services_own_api_is_read():
    [said] = read(bundle(resource("RJ1", GUYS)))

    assert said == Stated(
        "Entry 1",
        "RJ1",
        GUYS,
        town="LONDON",
        country="ENGLAND",
        role="RO197",
        opened_on=PartialDate(2000, 4, 1),
        is_active=True,
    )


def test_an_organisation_of_fhir_r4_is_read():
    one = {
        "resourceType": "Organization",
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/organization-period",
                "valuePeriod": {"start": "2000", "end": "2025-03-31T00:00:00+00:00"},
            }
        ],
        "identifier": [{"system": "https://example.org/made-up", "value": "1"}, {"system": CODES, "value": "zz1"}],
        "type": [{"coding": [{"code": "RO98"}]}],
        "name": "A (MADE UP)",
        "address": [{"city": "LEEDS"}],
    }

    assert (
        read(json.dumps(one))
        == read(json.dumps(one).encode("utf-16"))
        == [
            Stated(
                "Entry 1",
                "ZZ1",
                "A (MADE UP)",
                town="LEEDS",
                role="RO98",
                opened_on=PartialDate(2000),
                closed_on=PartialDate(2025, 3, 31),
            )
        ]
    )


@pytest.mark.parametrize(
    ("ends", "closed_on"),
    [
        ({"Operational": "2025-06-30", "Legal": "2025-03-31"}, PartialDate(2025, 3, 31)),
        ({"Operational": "2025-06-30"}, PartialDate(2025, 6, 30)),
        ({"Operational": "", "Legal": ""}, None),
    ],
)
def test_the_legal_end_counts_where_there_are_two(ends: dict[str, str], closed_on: PartialDate | None):
    [said] = read(bundle(resource("ZZ1", "A", ends=ends)))

    assert (said.closed_on, said.is_active) == (closed_on, False)


@pytest.mark.parametrize(
    ("one", "column"),
    [
        (None, "resource"),
        (resource("ZZ1", "A", identifier=[]), "identifier"),
        (resource("ZZ1", "A", identifier="ZZ1"), "identifier"),
        (resource("ZZ1", "A", identifier={"system": CODES, "value": 1}), "identifier"),
        (resource("ZZ1", "A", identifier={"system": CODES, "value": "Z"}), "identifier"),
        (resource("ZZ1", ""), "name"),
        (resource("ZZ1", "A", name=["A"]), "name"),
        (resource("ZZ1", "A", name="\ud800"), "name"),
        (resource("ZZ1", "A", active="yes"), "active"),
        (resource("ZZ1", "A", address={"city": 1}), "address.city"),
        (resource("ZZ1", "A", ends={"Legal": "31/03/2025"}), "valuePeriod.end"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_with_its_number(one: object, column: str):
    before, fault = read(bundle(resource("RJ1", GUYS), one))

    assert before.code == "RJ1"
    assert isinstance(fault, Fault)
    assert (fault.at, fault.column) == ("Entry 2", column)


def test_resources_of_other_types_are_passed_over():
    assert read(bundle({"resourceType": "OperationOutcome"})) == []


def test_a_json_file_over_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bundles, "MOST_BYTES", 50)

    assert "more than 5e-05 MB" in why(bundle(resource("RJ1", GUYS)))


# Zips


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_the_files_of_a_zip_are_read_by_themselves_and_as_often_as_is_asked(tmp_path: Path):
    path = zipped(
        tmp_path / "etr.zip",
        **{"data/etr.csv": ETR.encode(), "etr.pdf": b"%PDF", "__MACOSX/etr.csv": b"x", "b.json": bundle()},
    )

    with opened(path) as files:
        assert [download.name for download in files] == ["etr.csv in etr.zip", "b.json in etr.zip"]
        assert files[0].stem == "etr"
        assert len(list(files[0].statements())) == len(list(files[0].statements())) == 3


@pytest.mark.parametrize("limit", ["MOST_UNZIPPED", "MOST_IN_A_ZIP"])
def test_a_zip_over_a_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str):
    path = zipped(tmp_path / "etr.zip", **{"a.csv": ETR.encode(), "b.csv": ETR.encode()})
    monkeypatch.setattr(downloads, limit, 1)

    with pytest.raises(Unreadable, match="more than"), opened(path):
        pass


def test_a_zip_that_cannot_be_used_is_refused(tmp_path: Path):
    whole = zipped(tmp_path / "etr.zip", **{"etr.csv": ETR.encode()}).read_bytes()
    damaged = {
        "cut": whole[:60],
        "changed": whole[:45] + bytes([whole[45] ^ 255]) + whole[46:],
        # The two places that say whether a password is needed.
        "locked": whole[:6]
        + b"\x01"
        + whole[7:].replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"),
    }
    for name, content in damaged.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Unreadable, match="damaged"), opened(tmp_path / name):
            pass
    with pytest.raises(Unreadable, match="holds no CSV"), opened(zipped(tmp_path / "x.zip", **{"a.txt": b"x"})):
        pass


# Anything at all


CODE = st.from_regex(r"[A-Z0-9]{3,10}", fullmatch=True)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters="=+-@'"), max_size=40
)
DAY = st.dates().filter(lambda day: day.year >= 1000)


@settings(max_examples=40)
@given(st.lists(st.tuples(CODE, TEXT.filter(bool), TEXT, st.none() | DAY), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[tuple]):
    file = io.StringIO()
    for code, name, town, closed in rows:
        cells = [
            code,
            name,
            *[""] * 5,
            town,
            "",
            "",
            "",
            closed.strftime("%Y%m%d").zfill(8) if closed else "",
            *[""] * 15,
        ]
        csv.writer(file).writerow(cells)

    assert [
        (said.code, said.name, said.town, said.closed_on and said.closed_on.earliest) for said in read(file.getvalue())
    ] == rows
    resources = [
        resource(code, name, ends={"Legal": closed.isoformat()} if closed else None, address={"city": town})
        for code, name, town, closed in rows
    ]
    assert [
        (said.code, said.name, said.town, said.closed_on and said.closed_on.earliest)
        for said in read(bundle(*resources))
    ] == rows


@given(st.binary() | st.text().map(str.encode) | st.builds(lambda end: ETR.encode() + end, st.binary()))
def test_any_bytes_are_read_or_refused(content: bytes):
    read_or_refuse(content)


KEYS = ["resource", "resourceType", "identifier", "system", "value", "extension", "url", "valuePeriod", "end", "name"]
KEYS += ["type", "coding", "code", "address", "city", "active"]
VALUES = [CODES, f"{STU3}ActivePeriod-1", "Organization"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=50)
@given(st.lists(JSON, max_size=3), st.dictionaries(st.sampled_from(sorted(resource("ZZ1", "A"))), JSON))
def test_any_json_is_read_or_refused(entries: list, parts: dict):
    read_or_refuse(json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    read_or_refuse(bundle(resource("ZZ1", "A") | parts | {"resourceType": "Organization"}))


# Names


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (GUYS, "Guy's and St Thomas' NHS Foundation Trust"),
        ("NHS SOUTH EAST LONDON INTEGRATED CARE BOARD", "NHS South East London Integrated Care Board"),
        ("KING'S COLLEGE HOSPITAL NHS FOUNDATION TRUST", "King's College Hospital NHS Foundation Trust"),
        ("STOKE-ON-TRENT", "Stoke-on-Trent"),
        ("THE O'BRIEN CENTRE (GP)", "The O'Brien Centre (GP)"),
        ("Already written", "Already written"),
        ("", ""),
    ],
)
def test_a_name_in_capitals_is_made_readable(theirs: str, ours: str):
    assert readable(theirs) == ours
    assert same(theirs, ours)


def test_names_that_differ_in_signs_alone_are_the_same():
    assert same("GUY’S & ST. THOMAS NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust")
    assert not same("Leeds Teaching Hospitals NHS Trust", "Leeds Community Healthcare NHS Trust")
