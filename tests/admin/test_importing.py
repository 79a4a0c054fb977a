"""Figures from a table: an editor takes the template, fills it in, uploads it, sees what would happen, and agrees."""

import csv
import datetime
import io
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Organisation
from programmes import figures, imports
from programmes.admin import importing
from programmes.models import Correction, FigureFile, Observation, OutcomeMetric
from tests.admin.conftest import client_of, messages_of, person_in, url_of
from tests.admin.test_pages import queries, warm
from tests.factories import (
    CorrectionFactory,
    FigureFileFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ProgrammeFactory,
    RemitFactory,
    SourceFactory,
    UserFactory,
)
from tests.strict_client import ALL_CHECKS, StrictClient, faults_of, parsed, text_of
from trustportal.accounts.models import User
from trustportal.importing.writing import write_xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

ROLES = ["Author", "Publisher", "Administrator"]
ENDINGS = ["csv", "xlsx"]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
REFUSED, CHANGED = "Rows that are refused", "Figures that would be changed"
ADDED, LEFT = "Figures that would be added", "Rows that would change nothing"


@pytest.fixture
def ada(db: None) -> User:
    """Somebody who enters figures."""
    return person_in("Author")


@pytest.fixture
def hers(ada: User) -> StrictClient:
    """Ada's browser."""
    return client_of(ada)


@pytest.fixture
def ours(db: None) -> Organisation:
    """The organisation to whose records somebody is limited."""
    return OrganisationFactory(name="Our trust", published=True)


@pytest.fixture
def metric(ours: Organisation) -> OutcomeMetric:
    """One that counts people once a year."""
    return OutcomeMetricFactory(name="People seen", slug="people-seen", lead=ours)


def address(page: str, *keys: object, **query: object) -> str:
    return reverse(f"admin:programmes_observation_{page}", args=keys, query=query or None)


def row(metric: OutcomeMetric | str, year: object, **cells: object) -> dict[str, object]:
    slug = metric if isinstance(metric, str) else metric.slug
    return {"metric": slug, "period_start": year, "period_end": year, **cells}


def in_csv(*rows: dict[str, object]) -> bytes:
    """A file with the columns that the rows have."""
    columns = [column for column in imports.COLUMNS if any(column in one for one in rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def upload(client: StrictClient, content: bytes, name: str = "figures.csv") -> HttpResponse:
    """The page to which the upload leads."""
    return client.post(address("import"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def element_of(response: HttpResponse) -> Element:
    return parsed(response.content.decode())[0]


def words_of(response: HttpResponse) -> str:
    """What the page says beside the lists of the admin."""
    return text_of(next(one for one in element_of(response).iter("div") if one.get("id") == "content"))


def links(response: HttpResponse) -> dict[str, str]:
    return {text_of(link): link.get("href") for link in element_of(response).iter("a")}


def sections(response: HttpResponse) -> dict[str, list[list[str]]]:
    """The rows of each table with what would happen, by the heading above it, in the order of the page."""
    found = {}
    for section in element_of(response).iter("section"):
        for body in section.iter("tbody"):
            cells = [[text_of(cell) for cell in line.iter("td")] for line in body.iter("tr")]
            found[text_of(next(section.iter("h2")))] = cells
    return found


def button(response: HttpResponse) -> dict[str, str] | None:
    """What the button that imports would send; None where there is none."""
    for form in element_of(response).iter("form"):
        if "Import these figures" in text_of(form):
            return {box.get("name"): box.get("value") for box in form.iter("input")}
    return None


def press(client: StrictClient, page: HttpResponse) -> HttpResponse:
    return client.post(page.request["PATH_INFO"], button(page), follow=True)


def forge(client: StrictClient, file: FigureFile) -> HttpResponse:
    """Send what the button would, on a page that has none."""
    return client.post(address("import_file", file.pk), {"shown": file.digest}, follow=True)


def template(client: StrictClient, ending: str, **query: object) -> list[dict[str, str]]:
    """The rows of a template, as they stand in the file."""
    response = client.get(address("import_template", ending, **query))
    assert response["Content-Disposition"] == f'attachment; filename="figures.{ending}"'
    if ending == "csv":
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    else:
        page = openpyxl.load_workbook(io.BytesIO(response.content)).active
        lines = [[cell or "" for cell in line] for line in page.iter_rows(values_only=True)]
    assert tuple(lines[0]) == imports.COLUMNS
    return [dict(zip(imports.COLUMNS, line, strict=True)) for line in lines[1:]]


def filled_in(content: bytes, ending: str, cells: dict[str, dict[str, object]]) -> bytes:
    """A template into which somebody has typed: for some metrics, values by column."""
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        return in_csv(*({**one, **cells.get(one["metric"], {})} for one in rows))
    book = openpyxl.load_workbook(io.BytesIO(content))
    for line in book.active.iter_rows(min_row=2):
        for column, value in cells.get(line[0].value, {}).items():
            line[imports.COLUMNS.index(column)].value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def result(client: StrictClient, file: FigureFile) -> list[dict[str, str]]:
    """The rows of the file that says what would happen."""
    response = client.get(address("import_result", file.pk))
    assert response["Content-Disposition"] == 'attachment; filename="import-result.csv"'
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")  # or Excel spoils every letter that is not English
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def waiting(metric: OutcomeMetric, **facts: object) -> Observation:
    return ObservationFactory(entered=True, entered_at=timezone.now(), metric=metric, **facts)


def everything() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in (Observation, Correction, FigureFile)]


# The template


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_template_has_a_row_for_the_next_period_of_each_metric(ending: str, hers: StrictClient) -> None:
    facts = {
        "a-year": ({"frequency": "yearly"}, ("2017", "2017"), ("2018", "2018")),
        "b-quarter": ({"frequency": "quarterly"}, ("2017-10", "2017-12"), ("2018-01", "2018-03")),
        "c-new": ({}, None, ("", "")),
        "d-once": ({"frequency": "once"}, ("2017", "2017"), ("", "")),
        "e-ended": ({"frequency": "yearly", "last_period": "2017"}, ("2017", "2017"), ("", "")),
        "f-not-dated": ({}, (None, None), ("", "")),
    }
    expected = []
    for slug, (about, period, following) in facts.items():
        made = OutcomeMetricFactory(name=f"{slug}, in words", slug=slug, **about)
        if period:
            waiting(made, period_start=period[0], period_end=period[1])
        cells = [slug, f"{slug}, in words", *following]
        expected.append(dict(zip(imports.COLUMNS, cells + [""] * 8, strict=True)))

    assert template(hers, ending) == expected


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_template_can_be_of_one_metric_or_of_a_programme(
    ending: str, hers: StrictClient, metric: OutcomeMetric
) -> None:
    programme = ProgrammeFactory()
    for slug in ("first", "second"):
        OutcomeMetricFactory(name=slug, slug=slug, programme=programme)

    assert [one["metric"] for one in template(hers, ending, metric=metric.pk)] == ["people-seen"]
    assert [one["metric"] for one in template(hers, ending, programme=programme.pk)] == ["first", "second"]
    assert template(hers, ending, programme=0) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_gets_a_row_for_figures_that_they_may_not_enter(
    ending: str, hers: StrictClient, ada: User, metric: OutcomeMetric
) -> None:
    other = OutcomeMetricFactory(name="Secret", slug="secret")
    RemitFactory(person=ada, organisation=metric.lead)

    assert [one["metric"] for one in template(hers, ending)] == ["people-seen"]
    assert template(hers, ending, metric=other.pk) == []
    page = hers.get(address("import", metric=other.pk))
    assert "Secret" not in page.content.decode()
    assert "There is no outcome here whose figures you may enter." in words_of(page)


@pytest.mark.parametrize("page", ["import", "import_template"])
@pytest.mark.parametrize("name", ["metric", "programme"])
@pytest.mark.parametrize("asked", ["x", "-1", "1.5", "²", "9" * 30, "9" * 5000])
def test_there_is_no_page_for_what_can_be_no_key(page: str, name: str, asked: str, hers: StrictClient) -> None:
    keys = ["csv"] if page == "import_template" else []
    assert hers.get(address(page, *keys), {name: asked}).status_code == 404


@pytest.mark.parametrize("ending", ["xls", "ods", "CSV", "csv.exe"])
def test_there_is_no_template_with_another_ending(ending: str, hers: StrictClient) -> None:
    assert hers.get(address("import_template", ending)).status_code == 404


def test_no_name_becomes_a_formula(hers: StrictClient) -> None:
    OutcomeMetricFactory(name='=HYPERLINK("//evil")', slug="evil")

    [one] = template(hers, "csv")
    assert one["outcome"] == '\'=HYPERLINK("//evil")'
    book = openpyxl.load_workbook(io.BytesIO(hers.get(address("import_template", "xlsx")).content))
    assert (book.active["B2"].value, book.active["B2"].data_type) == ('=HYPERLINK("//evil")', "s")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_template_takes_as_many_queries_for_thirty_metrics_as_for_three(ending: str, hers: StrictClient) -> None:
    warm()
    counts = []
    for number in (3, 27):
        for made in OutcomeMetricFactory.create_batch(number):
            waiting(made)
        counts.append(queries(hers, address("import_template", ending)))
    assert len(template(hers, ending)) == 30
    assert counts[0] == counts[1]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("on_disk", [False, True])
def test_a_template_is_filled_in_uploaded_and_imported(
    ending: str, on_disk: bool, hers: StrictClient, ada: User, metric: OutcomeMetric, settings: object
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0 if on_disk else 2_500_000  # Django hands over large files in another way
    ObservationFactory(metric=metric, year=2017)
    rate = OutcomeMetricFactory(rate=True, name="=1+1", slug="rate", frequency="monthly")
    waiting(rate, period_start="2017-12", period_end="2017-12")
    left = OutcomeMetricFactory(slug="left")
    source = SourceFactory(published=True)

    start = hers.get(address("import"))
    link = links(start)["Template as CSV" if ending == "csv" else "Template for Excel (.xlsx)"]
    typed = {
        "people-seen": {"value": 2477, "note": "Counted by hand, + checked.", "source": source.slug},
        "rate": {"numerator": 29, "denominator": 49, "provisional": "yes"},
    }
    page = upload(hers, filled_in(hers.get(link).content, ending, typed), f"figures.{ending}")
    assert sections(page) == {
        ADDED: [["3", "People seen", "2018", "2,477"], ["2", "=1+1", "January 2018", "59.2% (29 of 49)"]][::-1],
        LEFT: [["4", left.name, "", "Nothing is filled in."]],
    }
    assert Observation.objects.count() == 2

    response = press(hers, page)

    assert "2 figures were imported. They wait for somebody else to approve them." in messages_of(response)
    count, part = Observation.objects.filter(entered_by=ada).order_by("metric__slug")
    assert list(response.context["cl"].result_list.filter(entered_by=ada).order_by("metric__slug")) == [count, part]
    assert (count.in_full, count.source) == ("2018: 2,477 (Counted by hand, + checked.)", source)
    assert part.in_full == "January 2018: 59.2% (29 of 49) (provisional)"
    assert not count.is_approved
    assert figures.approve([count], by=UserFactory(superuser=True)) == 1


# The upload


def test_the_page_says_what_to_do_and_for_which_metric(hers: StrictClient, metric: OutcomeMetric) -> None:
    programme = ProgrammeFactory()
    OutcomeMetricFactory(programme=programme, name="People at work")
    words = words_of(hers.get(address("import")))
    assert words.index("1. Download the template") < words.index("2. Fill it in") < words.index("3. Upload it")
    assert "a row for the next period of each of 2 outcomes." in words
    assert "at most 100,000 rows and 20 MB" in words
    assert "a row for the next period of “People seen”." in words_of(hers.get(address("import", metric=metric.pk)))
    page = hers.get(address("import", programme=programme.pk))
    assert "a row for the next period of “People at work”." in words_of(page)
    for link in (link for words, link in links(page).items() if words.startswith("Template")):
        assert parse_qs(urlsplit(link).query) == {"programme": [str(programme.pk)]}


def as_workbook(columns: Iterable[str]) -> bytes:
    file = io.BytesIO()
    write_xlsx(file, list(columns), [], sheet="Figures")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("", None, "Choose the file first."),
        ("figures.csv", b"", "This file is empty. Choose the one that you filled in."),
        ("figures.csv", b"metric,period_start,period_end,value\n" + b" " * 1000, "The file has more than 0.001 MB."),
        ("figures.csv", PNG, "Line 3 holds bytes that are no text."),
        ("figures.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel workbook (.xls)."),
        ("figures.xlsx", b"PK\x03\x04 and nothing else", "This Excel workbook is damaged"),
        ("figures.csv", b"metric,period,value\n", "Nothing is known of the heading “period”."),
        ("figures.csv", b"metric,value\nx,1\n", "The headings “period_start”, “period_end” are missing."),
        ("figures.csv", b"metric,period_start,period_end\n", "The file has no rows."),
        ("figures.xlsx", as_workbook(imports.COLUMNS), "The file has no rows."),
        ("figures.xlsx", as_workbook(["<script>"]), "Nothing is known of the heading “<script>”."),
    ],
)
def test_what_is_no_table_of_figures_is_refused_in_plain_words(
    name: str, content: bytes | None, why: str, hers: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "more than" in why:
        monkeypatch.setattr(imports, "MOST_BYTES", 1000)
    files = {} if content is None else {"file": SimpleUploadedFile(name, content)}
    response = hers.post(address("import"), files)

    assert response.status_code == 200
    assert why in words_of(response)
    assert len(response.context["form"].errors["file"]) == 1
    assert "Nothing was uploaded. Please correct what is marked below." in words_of(response)
    assert not FigureFile.objects.exists()


@pytest.mark.parametrize("most", [2, 3])
def test_a_file_has_at_most_so_many_rows(
    most: int, hers: StrictClient, metric: OutcomeMetric, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS", most)
    response = upload(hers, in_csv(*(row(metric, year, value=1) for year in (2015, 2016, 2017))))
    assert ("The file has more than 2 rows." in words_of(response)) is (most == 2)
    assert FigureFile.objects.exists() is (most == 3)


def test_each_row_is_shown_with_what_it_would_do_those_to_mend_first(hers: StrictClient, metric: OutcomeMetric) -> None:
    waiting(metric, year=2015, value=5)
    waiting(metric, year=2016, value=6)
    ObservationFactory(metric=metric, year=2018, value=8)
    content = in_csv(
        row(metric, 2015, value="1,005"),
        row(metric, 2016, value=6),
        row(metric, 2017, value=7),
        row(metric, 2018, value=9),
        row(metric, 2019, value="<script>alert(1)</script>", note="=1+1"),
        row("<b>nothing</b>", 2020, value=1),
    )
    page = upload(hers, content, "<i>figures.csv")

    shown = sections(page)
    assert list(shown) == [REFUSED, CHANGED, ADDED, LEFT]
    approved, number, note, unknown = shown[REFUSED]
    assert approved[:5] == ["5", "People seen", "2018", "reason_for_correction", ""]
    assert approved[5] == "This period was approved: 8. To correct it, say why in this column."
    assert number[:5] == ["6", "People seen", "2019", "value", "<script>alert(1)</script>"]
    assert number[5].startswith("“<script>alert(1)</script>” is not a number: leave the cell empty")
    assert note[:5] == ["6", "People seen", "2019", "note", "=1+1"]
    assert unknown[:5] == ["7", "<b>nothing</b>", "2020", "metric", "<b>nothing</b>"]
    assert unknown[5] == "You enter figures of no outcome with this address. Copy it from the template."
    assert shown[CHANGED] == [["2", "People seen", "2015", "5 becomes 1,005"]]
    assert shown[ADDED] == [["4", "People seen", "2017", "7"]]
    assert shown[LEFT] == [["3", "People seen", "2016", "6"]]
    for raw in ("<script>alert", "<b>nothing", "<i>figures"):
        assert raw not in page.content.decode()
    for words in (
        "<i>figures.csv",
        "3 rows are refused",
        "1 figure would be changed",
        "1 figure would be added",
        "1 row would change nothing",
        "Nothing was imported. Mend the rows that are refused in your file, and upload it again.",
    ):
        assert words in words_of(page)
    assert button(page) is None

    rows = result(hers, FigureFile.objects.get())
    assert [one["line"] for one in rows] == ["2", "3", "4", "5", "6", "6", "7"]
    assert [one["what_happens"] for one in rows] == [
        "changed", "left as it is", "added", "refused", "refused", "refused", "refused",
    ]  # fmt: skip
    assert rows[0]["figure"] == "5 becomes 1,005"
    assert (rows[5]["column"], rows[5]["value"]) == ("note", "'=1+1")
    assert rows[5]["what_to_do"] == note[5]


@pytest.mark.parametrize(("most", "more"), [(2, "1 more row is"), (1, "2 more rows are"), (3, "")])
def test_the_page_shows_the_first_rows_of_each_sort_and_the_file_has_all(
    most: int, more: str, hers: StrictClient, metric: OutcomeMetric, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_SHOWN", most)
    years = range(2011, 2014)
    content = in_csv(
        *(row(metric, year, value=1) for year in years),
        *(row(metric, f"{year}-01", value="x") for year in years),
        *(row(metric, f"{year}-02") for year in years),
    )
    page = upload(hers, content)

    assert {heading: len(rows) for heading, rows in sections(page).items()} == {REFUSED: most, ADDED: most, LEFT: most}
    assert words_of(page).count("in the file with all rows") == (3 if more else 0)
    assert more in words_of(page)
    link = links(page)["Download all rows with what would happen (CSV)"]
    assert link == address("import_result", FigureFile.objects.get().pk)
    assert len(result(hers, FigureFile.objects.get())) == 9


def test_a_page_takes_as_many_queries_for_ten_rows_as_for_three(hers: StrictClient) -> None:
    warm()
    source, counts = SourceFactory(published=True), []
    for number in (3, 10):
        metrics = OutcomeMetricFactory.create_batch(number)
        for made in metrics:
            CorrectionFactory(observation=ObservationFactory(metric=made, year=2015))
        upload(hers, in_csv(*(row(made, 2015, value=7, source=source.slug) for made in metrics)))
        counts.append(queries(hers, address("import_file", FigureFile.objects.latest("pk").pk)))
    assert counts[0] == counts[1]


def test_what_nobody_imported_is_thrown_away_after_a_day(hers: StrictClient, metric: OutcomeMetric) -> None:
    now = timezone.now()
    forgotten = FigureFileFactory(uploaded_at=now - datetime.timedelta(hours=25))
    of_today = FigureFileFactory(uploaded_at=now - datetime.timedelta(hours=23))
    imported = FigureFileFactory(uploaded_at=now - datetime.timedelta(days=9), imported_at=now, content=b"")
    hers.get(address("import"))
    assert FigureFile.objects.filter(pk=forgotten.pk).exists()

    upload(hers, in_csv(row(metric, 2015, value=1)))

    assert set(FigureFile.objects.order_by("pk")[:2]) == {of_today, imported}
    assert FigureFile.objects.count() == 3


# The import


@pytest.mark.parametrize("with_others", [False, True])
def test_a_correction_waits_in_the_list_of_corrections(
    with_others: bool, hers: StrictClient, ada: User, metric: OutcomeMetric
) -> None:
    stands = ObservationFactory(metric=metric, year=2015, value=5)
    CorrectionFactory(observation=ObservationFactory(metric=metric, year=2016), entered_by=UserFactory())
    rows = [row(metric, 2015, value=6, reason_for_correction="Counted twice.")]
    rows += [row(metric, 2017, value=7)] * with_others
    page = upload(hers, in_csv(*rows))
    assert sections(page)[CHANGED] == [["2", "People seen", "2015", "5 becomes 6"]]

    response = press(hers, page)

    correction = Correction.objects.get(observation=stands)
    assert (correction.value, correction.reason, correction.entered_by) == (6, "Counted twice.", ada)
    stands.refresh_from_db()
    assert stands.value == 5
    said = "1 correction of an approved figure waits in the list of corrections."
    assert (said in text_of(element_of(response))) is with_others
    if with_others:
        assert [one.value for one in response.context["cl"].result_list] == [7]
        response = hers.get(links(response)["in the list of corrections"])
    assert correction in response.context["cl"].result_list


def test_new_figures_alone_send_nobody_to_the_list_of_corrections(hers: StrictClient, metric: OutcomeMetric) -> None:
    response = press(hers, upload(hers, in_csv(row(metric, 2015, value=6))))
    assert messages_of(response) == "1 figure was imported. It waits for somebody else to approve it."
    assert [one.value for one in response.context["cl"].result_list] == [6]


def test_where_a_row_is_refused_nothing_is_imported(hers: StrictClient, metric: OutcomeMetric) -> None:
    page = upload(hers, in_csv(row(metric, 2015, value=1), row(metric, 2016, value="many")))
    assert button(page) is None
    before = everything()

    response = forge(hers, FigureFile.objects.get())

    assert messages_of(response) == "Nothing was imported, because rows are refused."
    assert list(sections(response)) == [REFUSED, ADDED]
    assert everything() == before


def test_where_nothing_would_change_there_is_no_button(hers: StrictClient, metric: OutcomeMetric) -> None:
    waiting(metric, year=2015, value=5)
    page = upload(hers, in_csv(row(metric, 2015, value=5), row(metric, 2016)))
    assert button(page) is None
    assert "There is nothing to import" in words_of(page)


def test_nothing_is_imported_that_the_page_had_not_shown(hers: StrictClient, metric: OutcomeMetric) -> None:
    page = upload(hers, in_csv(row(metric, 2015, value=1), row(metric, 2016, value=1)))
    other = waiting(metric, year=2015, value=3)
    again = None
    for _time in range(2):  # the second is a double click: nobody has looked yet
        again = press(hers, page)
        assert "somebody changed figures after you had opened this page" in messages_of(again)
        assert list(Observation.objects.all()) == [other]
    other.refresh_from_db()
    assert other.value == 3
    assert sections(again) == {
        CHANGED: [["2", "People seen", "2015", "3 becomes 1"]],
        ADDED: [["3", "People seen", "2016", "1"]],
    }
    assert "1 figure would be changed" in words_of(again)

    assert "2 figures were imported." in messages_of(press(hers, again))
    assert [one.value for one in metric.observations.all()] == [1, 1]


def test_a_file_that_is_refused_by_now_is_not_imported(hers: StrictClient, metric: OutcomeMetric) -> None:
    page = upload(hers, in_csv(row(metric, 2015, value=1)))
    ObservationFactory(metric=metric, year=2015, value=3)

    again = press(hers, page)

    assert "somebody changed figures" in messages_of(again)
    assert list(sections(again)) == [REFUSED]
    assert button(again) is None
    assert not Correction.objects.exists()
    assert Observation.objects.get().value == 3


def test_the_page_shows_figures_as_they_are_when_it_is_opened(hers: StrictClient, metric: OutcomeMetric) -> None:
    upload(hers, in_csv(row(metric, 2015, value=1)))
    ObservationFactory(metric=metric, year=2015, value=3)
    page = hers.get(address("import_file", FigureFile.objects.get().pk))
    assert "1 row is refused" in words_of(page)
    assert "would be added" not in words_of(page)
    assert button(page) is None


def test_a_file_is_imported_once_and_not_kept(hers: StrictClient, metric: OutcomeMetric) -> None:
    page = upload(hers, in_csv(row(metric, 2015, value=1)))
    press(hers, page)
    file = FigureFile.objects.get()
    assert bytes(file.content) == b""
    assert file.imported_at is not None
    metric.observations.get().delete()  # as a publisher would who does not agree
    before = everything()

    file_page, result_page = address("import_file", file.pk), address("import_result", file.pk)
    for response in (press(hers, page), hers.get(file_page, follow=True), hers.get(result_page, follow=True)):
        said = "This file has been imported already. Its figures were not imported a second time."
        assert messages_of(response) == said
        assert response.request["QUERY_STRING"] == "standing=waiting"
    assert everything() == before


def test_the_same_figures_in_another_file_change_nothing(hers: StrictClient, metric: OutcomeMetric) -> None:
    content = in_csv(row(metric, 2015, value=1))
    press(hers, upload(hers, content))
    assert sections(upload(hers, content)) == {LEFT: [["2", "People seen", "2015", "1"]]}


# Who may


def every_page(file: FigureFile) -> list[tuple[str, str, dict[str, object]]]:
    """Each address of the import, with what one could send to it."""
    content = in_csv(row("people-seen", 2019, value=1))
    template_pages = [("get", address("import_template", ending), {}) for ending in ENDINGS]
    return [
        ("get", address("import"), {}),
        ("post", address("import"), {"file": SimpleUploadedFile("figures.csv", content)}),
        *template_pages,
        ("get", address("import_file", file.pk), {}),
        ("post", address("import_file", file.pk), {"shown": file.digest}),
        ("get", address("import_result", file.pk), {}),
    ]


def file_of(person: User, metric: OutcomeMetric) -> FigureFile:
    """A good file that somebody uploaded."""
    content = in_csv(row(metric, 2015, value=1))
    digest = imports.report_of(io.BytesIO(content), UserFactory(superuser=True)).digest
    return FigureFileFactory(uploaded_by=person, content=content, digest=digest)


def statuses(client: StrictClient, file: FigureFile) -> list[int]:
    return [getattr(client, method)(url, data).status_code for method, url, data in every_page(file)]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_imports_figures(role: str, metric: OutcomeMetric) -> None:
    person = person_in(role)
    assert statuses(client_of(person), file_of(person, metric)) == [200, 302, 200, 200, 200, 302, 302]
    assert metric.observations.get().entered_by == person


@pytest.mark.parametrize("who", [*ROLES, "", "view_observation", "change_outcomemetric"])
def test_without_the_right_no_page_opens(who: str, metric: OutcomeMetric) -> None:
    if who in ROLES:
        person = person_in(who)
        group = Group.objects.get(name=who)
        group.permissions.remove(*group.permissions.filter(codename="add_observation"))
    else:
        person = UserFactory(is_staff=True, rights=(who,) if who else ())
    file = file_of(person, metric)
    before = everything()

    assert set(statuses(client_of(person), file)) == {403}
    assert everything() == before


def test_whoever_is_not_signed_in_is_led_there(client: StrictClient, metric: OutcomeMetric) -> None:
    file = file_of(UserFactory(), metric)
    before = everything()
    for method, url, data in every_page(file):
        assert getattr(client, method)(url, data).url.startswith("/admin/login/")
    assert everything() == before


def test_nobody_sees_or_imports_the_file_of_another(hers: StrictClient, metric: OutcomeMetric) -> None:
    file = file_of(person_in("Author"), metric)
    before = everything()
    for client in (hers, client_of(UserFactory(superuser=True))):
        for method, url, data in every_page(file)[4:]:
            assert getattr(client, method)(url, data).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("role", ROLES)
def test_nobody_imports_figures_of_metrics_outside_their_remit(role: str, metric: OutcomeMetric) -> None:
    person = person_in(role)
    RemitFactory(person=person, organisation=metric.lead)
    other = OutcomeMetricFactory(name="Secret", slug="secret")
    client = client_of(person)
    page = upload(client, in_csv(row(metric, 2015, value=1), row(other, 2015, value=1)))

    assert sections(page)[REFUSED][0][:5] == ["3", "secret", "2015", "metric", "secret"]
    assert "Secret" not in page.content.decode()
    forge(client, FigureFile.objects.get())
    assert not Observation.objects.exists()
    press(client, upload(client, in_csv(row(metric, 2015, value=1))))
    assert [one.metric for one in Observation.objects.all()] == [metric]


def test_a_remit_set_after_the_upload_holds_for_the_import(
    hers: StrictClient, ada: User, metric: OutcomeMetric
) -> None:
    page = upload(hers, in_csv(row(metric, 2015, value=1)))
    RemitFactory(person=ada)
    again = press(hers, page)
    assert list(sections(again)) == [REFUSED]
    assert not Observation.objects.exists()


# The way to it, and its pages


def test_lists_and_pages_lead_to_the_import(hers: StrictClient, ada: User, metric: OutcomeMetric) -> None:
    metric.programme = ProgrammeFactory(lead=metric.lead)
    metric.save()
    listed, changed = url_of(Observation, "changelist"), url_of(metric, "change")
    of_programme = url_of(metric.programme, "change")

    assert links(hers.get(listed))["Import figures"] == address("import")
    assert links(hers.get(changed))["Import figures"] == address("import", metric=metric.pk)
    found = links(hers.get(of_programme))["Import figures of its outcomes"]
    assert found == address("import", programme=metric.programme.pk)


def test_no_page_leads_there_whom_it_would_turn_away(metric: OutcomeMetric) -> None:
    metric.programme = ProgrammeFactory(lead=metric.lead, published=True)
    metric.save()
    reader = UserFactory(is_staff=True, rights=("view_observation", "view_outcomemetric", "view_programme"))
    for page in (url_of(Observation, "changelist"), url_of(metric, "change"), url_of(metric.programme, "change")):
        response = client_of(reader).get(page)
        assert response.status_code == 200
        assert reverse("admin:programmes_observation_import") not in response.content.decode()


def test_the_pages_are_well_made_and_say_where_they_are(hers: StrictClient, metric: OutcomeMetric) -> None:
    good = upload(hers, in_csv(row(metric, 2015, value=1), row(metric, 2016)))
    refused = upload(hers, in_csv(row(metric, 2015, value="x")), "2 figures.csv")
    above = {"Home": reverse("admin:index"), "Observations": url_of(Observation, "changelist")}
    for page, title, trail in [
        (hers.get(address("import")), "Import figures", "Home › Observations › Import figures"),
        (upload(hers, b""), "Import figures", "Home › Observations › Import figures"),
        (good, "Import figures: what would happen", "Home › Observations › Import figures › figures.csv"),
        (refused, "Import figures: what would happen", "Home › Observations › Import figures › 2 figures.csv"),
    ]:
        assert faults_of(page.content.decode(), ALL_CHECKS) == []
        assert [text_of(heading) for heading in element_of(page).iter("h1")] == [title]
        assert trail in text_of(element_of(page))
        assert above.items() <= links(page).items()
    assert links(good)["Import figures"] == links(good)["Upload another file"] == address("import")
