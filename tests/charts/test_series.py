"""Series as others write them, and the command that reads them."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.charts.test_spc import CASES
from trustportal.charts.series import answers, read_csv
from trustportal.charts.spc import UnfitSeries

SERIES = {"id": "a", "dates": ["2026-01-01", "2026-02-01"], "values": [1, 2]}


def answer(line: object) -> dict:
    """What comes of one line."""
    [said] = answers([line if isinstance(line, str) else json.dumps(line)])
    return json.loads(said)


def run(*options: str) -> str:
    said = io.StringIO()
    call_command("analyse_series", *options, stdout=said)
    return said.getvalue()


def test_each_line_gets_its_answer_under_its_id(tmp_path: Path) -> None:
    cases = [CASES["c0001"], CASES["c0598"]]
    file = tmp_path / "series.jsonl"
    lines = [json.dumps({"id": case["id"], **case["input"]}) for case in cases]
    file.write_text("\n".join([lines[0], "", "{", lines[1]]))

    first, broken, second = map(json.loads, run("--jsonl", str(file)).splitlines())

    assert [first["id"], second["id"]] == ["c0001", "c0598"]
    assert first["overall"] == cases[0]["expected"]["overall"]
    assert second["summary"] == cases[1]["expected"]["summary"]
    assert list(second["points"]) == list(cases[1]["expected"]["points"])
    assert broken == {"id": None, "error": "The line is no JSON."}


def test_the_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(SERIES)))

    assert json.loads(run("--jsonl", "-"))["points"]["mean"] == [1.5, 1.5]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"values": None}, "“values” is a list"),
        ({"dates": ["2026-02-30", "2026-03-01"]}, "2026-02-30"),
        ({"dates": ["20260201", "2026-03-01"]}, "20260201"),
        ({"dates": "2026"}, "“dates” is a list"),
        ({"values": [1, "x"]}, "not a number"),
        ({"values": [1, 10**400]}, "finite"),
        ({"facets": [1, 2]}, "Facets are words"),
        ({"rebase": "2026-01-01"}, "list of dates"),
        ({"rebase": [7]}, "“7”"),
        ({"screen_outliers": "no"}, "true or false"),
        ({"fix_after_n_points": 3}, "12 points"),
        ({"fix_after_n_points": "12"}, "12 points"),
        ({"improvement_direction": ["increase"]}, "direction"),
        ({"targets": 3}, "targets"),
        ({"target": "x"}, "not a number"),
        ({"target": [1]}, "not a number"),
    ],
)
def test_what_is_refused_says_why_under_its_id(more: dict, words: str) -> None:
    said = answer(SERIES | more)

    assert said["id"] == "a"
    assert words in said["error"]


@pytest.mark.parametrize("line", ["[]", "7", "null", '"x"', "[" * 100_000, '{"id": "a", "values": [NaN]}', "\x00"])
def test_what_is_no_series_is_refused_and_stops_nothing(line: str) -> None:
    assert answer(line)["error"]


def test_numbers_that_json_has_no_word_for_are_refused() -> None:
    assert "Infinity" in answer('{"id": "a", "dates": ["2026-01-01"], "values": [Infinity]}')["error"]
    assert "finite" in answer('{"id": "a", "dates": ["2026-01-01"], "values": [1e400]}')["error"]


def test_a_file_of_dates_and_values_becomes_a_table(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    rows = [f"2026-01-{day:02},{value}" for day, value in enumerate([1, 2] * 8 + [20], start=1)]
    file.write_text("\ufeffdate,value\r\n" + "\r\n".join([*rows, "2026-01-20,"]), encoding="utf-8")

    said = run("--csv", str(file), "--improvement-direction", "decrease", "--target", "100")

    lines = said.splitlines()
    assert lines[0].split() == [
        "Date",
        "Value",
        "Mean",
        "Lower",
        "limit",
        "Upper",
        "limit",
        "What",
        "the",
        "point",
        "shows",
    ]
    assert any(line.startswith("2026-01-17") and line.endswith("Above UCL") for line in lines)
    assert "Variation: common cause" in said  # the last row has no value
    assert "Assurance: pass" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,value\n2026-01-01,x", "Line 2: “x” is not a number"),
        ("2026-01-01,1\n2026-13-01,1", "Line 2: “2026-13-01”"),
        ("2026-01-01;1", "two columns"),
        ("2026-01-01,1,2", "two columns"),
    ],
)
def test_a_fault_in_a_file_names_its_line(text: str, words: str) -> None:
    with pytest.raises(UnfitSeries, match=words):
        read_csv(text.splitlines())


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    file.write_text("2026-01-01,1\n2026-01-01,2\n")

    with pytest.raises(CommandError, match="two observations on 2026-01-01"):
        run("--csv", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        run("--csv", str(tmp_path / "nowhere.csv"))
    (tmp_path / "latin.csv").write_bytes(b"2026-01-01,\xff\n")
    with pytest.raises(CommandError, match="cannot be read"):
        run("--jsonl", str(tmp_path / "latin.csv"))
