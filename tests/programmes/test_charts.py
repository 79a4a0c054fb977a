"""The chart of a metric: for which figures there is one, what it says, and in which forms it can be taken away."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from programmes.charts import picture_of
from programmes.models import OutcomeMetric
from tests.factories import (
    ObservationFactory,
    OutcomeMetricFactory,
    ProgrammeFactory,
    RebaseFactory,
    StatementFactory,
)
from tests.strict_client import StrictClient
from trustportal.charts.png import paint
from trustportal.publishing.snapshot import snapshot

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
USUAL = [100, 120, 110, 90, 100, 120, 100, 110, 90, 110, 100, 120, 90, 110, 100, 120]


def monthly(values: list, **facts: object) -> OutcomeMetric:
    """A public metric with a figure a month, from April 2016 on; None is a month without a figure."""
    facts = {"kind": "count", "frequency": "monthly", "published": True, "name": "Visits"} | facts
    metric = OutcomeMetricFactory(**facts)
    for at, value in enumerate(values):
        month = f"{2016 + (at + 3) // 12}-{(at + 3) % 12 + 1:02}"
        more = {"missing_reason": "Not collected."} if value is None else {"value": value}
        ObservationFactory(metric=metric, period_start=month, period_end=month, **more)
    return metric


def page_of(client: StrictClient, metric: OutcomeMetric) -> str:
    return client.get(metric.get_absolute_url()).content.decode()


def address(metric: OutcomeMetric, ending: str) -> str:
    return metric.get_absolute_url().removesuffix("/") + ending


def table_of(client: StrictClient, metric: OutcomeMetric) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address(metric, ".csv")).getvalue().decode())))


def test_the_page_says_what_the_figures_show_before_it_shows_them(client: StrictClient) -> None:
    metric = monthly([*USUAL, 300], direction="up", target=50, target_rule="at-least")

    page = page_of(client, metric)

    order = ["Why it matters", "300", "far above what is usual: improving", "<svg", "All figures", "Definition"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    for words in ["Improving: higher than usual", "Meets the target again and again", "Far above usual: improving"]:
        assert words in page


def test_each_point_leads_to_its_row_in_the_table(client: StrictClient) -> None:
    metric = monthly(USUAL)
    page = page_of(client, metric)

    for observation in metric.observations.all():
        assert page.count(f'href="{metric.get_absolute_url()}#figure-{observation.pk}"') == 2  # on screens and phones
        assert page.count(f'id="figure-{observation.pk}"') == 1
    assert "<title>April 2016: 100</title>" in page


def test_too_few_points_are_said_and_have_no_limits(client: StrictClient) -> None:
    page = page_of(client, monthly(USUAL[:12]))

    assert "There are only 12 figures: too few to tell what is usual." in page
    assert "<svg" in page
    assert "usual range" not in page
    assert "Upper limit" not in page


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "total", "frequency": "once"},
        {"kind": "ranking"},
        {"kind": "yes-no"},
        {"frequency": "once"},
    ],
)
def test_what_is_no_series_of_counts_or_rates_has_no_limits_and_no_verdicts(facts: dict, client: StrictClient) -> None:
    metric = monthly([1] * 16, target=1, target_rule="at-least", **facts)
    page = page_of(client, metric)

    assert picture_of(metric).has_limits is False
    assert picture_of(metric).reading.variation is None
    assert "portal-verdict" not in page
    assert page.count("<svg") == 2
    for observation in metric.observations.all():
        assert page.count(f'href="{metric.get_absolute_url()}#figure-{observation.pk}"') == 2
    for ending, beginning in ((".svg", b"<svg"), (".png", b"\x89PNG"), ("/embed/", b"<!DOCTYPE")):
        assert client.get(address(metric, ending)).content.startswith(beginning)
    rows = table_of(client, metric)
    assert len(rows) == 16
    assert {row["mean"] for row in rows} == {""}


def test_a_ranking_is_compared_with_the_place_before(client: StrictClient) -> None:
    metric = monthly([], kind="ranking", direction="down", frequency="yearly", name="Place among trusts")
    for year, place in ((2023, 5), (2024, 5), (2025, 3)):
        ObservationFactory(metric=metric, period_start=str(year), period_end=str(year), value=place)

    page = page_of(client, metric)
    chart = picture_of(metric).wide

    assert "3rd in 2025, up from 5th in 2024: better." in page
    assert "<title>2025: 3rd</title>" in page
    assert chart.dots[-1].y < chart.dots[0].y
    assert [tick.label for tick in chart.y_ticks] == ["1st", "2nd", "3rd", "4th", "5th"]


def test_answers_are_squares_and_are_counted(client: StrictClient) -> None:
    metric = monthly([1, 1, 0, None, 1, 1, 0], kind="yes-no", name="Accredited")

    page = page_of(client, metric)

    assert "Yes in 4 of 6 periods; the latest is no." in page
    assert "<title>June 2016: No</title>" in page
    assert "<title>July 2016: No figure. Not collected.</title>" in page
    assert "A dash: there is no answer for the period." in page


@pytest.mark.parametrize(
    ("facts", "values", "sentence"),
    [
        ({}, [2477, 2167], "2,167 in May 2016, 310 less than in April 2016."),
        ({}, [2167, None, 2477], "2,477 in June 2016, 310 more than in April 2016."),
        ({"kind": "total", "frequency": "once"}, [5, 5], "5 in May 2016, the same as in April 2016."),
        ({}, [2167, 2477, None], "There is no figure for the latest period."),
    ],
)
def test_two_figures_are_compared(facts: dict, values: list, sentence: str, client: StrictClient) -> None:
    assert sentence in page_of(client, monthly(values, **facts))


def test_percentages_differ_by_percentage_points_as_they_are_shown(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(rate=True, frequency="monthly", published=True)
    for month, part in ((1, 81160), (2, 84240)):
        ObservationFactory(
            metric=metric, period_start=f"2018-0{month}", period_end=f"2018-0{month}",
            numerator=part, denominator=100_000,
        )  # fmt: skip

    assert "84.2% in February 2018, 3.0 percentage points more than in January 2018." in page_of(client, metric)


def test_a_single_day_is_told_as_one(client: StrictClient) -> None:
    metric = monthly([], frequency="once")
    for day in (14, 15):
        ObservationFactory(metric=metric, period_start=f"2019-03-{day}", period_end=f"2019-03-{day}", value=day)

    assert "15 on 15 March 2019, 1 more than on 14 March 2019." in page_of(client, metric)


def test_one_figure_makes_no_chart(client: StrictClient) -> None:
    for kind in ("count", "ranking", "yes-no"):
        metric = monthly([1, None], kind=kind, name=f"One {kind}")
        assert picture_of(metric) is None
        assert "<svg" not in page_of(client, metric)
        for ending in (".svg", ".png", "/embed/"):
            assert client.get(address(metric, ending)).status_code == 404


def test_three_figures_of_a_count_are_the_first_control_chart() -> None:
    assert picture_of(monthly([1, None, 2])).sort == "points"
    assert picture_of(monthly([1, 3, 2], name="Others")).sort == "control"


def test_it_is_said_which_rule_for_two_of_three_applies() -> None:
    about = render_to_string("charts/_about.html", {"picture": picture_of(monthly(USUAL))})

    assert "only points inside the limits count" in about
    assert "outer third between the mean and a limit" in about
    for facts in ({"kind": "ranking"}, {"kind": "yes-no"}, {"frequency": "once"}):
        metric = monthly(USUAL, name=f"No control chart {facts}", **facts)
        about = render_to_string("charts/_about.html", {"picture": picture_of(metric)})
        assert "two of three" not in about.lower()
        assert about.strip().startswith("<p>")


def test_periods_that_begin_on_one_day_make_no_chart(client: StrictClient) -> None:
    metric = monthly(USUAL)
    ObservationFactory(metric=metric, period_start="2016-04", period_end="2016-06", value=7)

    assert picture_of(metric) is None
    assert "<svg" not in page_of(client, metric)


def test_a_missing_figure_is_a_gap_with_its_reason(client: StrictClient) -> None:
    page = page_of(client, monthly([*USUAL, None, 110]))

    assert "<title>August 2017: No figure. Not collected.</title>" in page
    assert "there is no figure for the period" in page


def test_a_provisional_figure_is_hollow_and_said(client: StrictClient) -> None:
    metric = monthly(USUAL)
    assert "Hollow points" not in page_of(client, metric)

    metric.observations.filter(period_start="2017-07").update(is_provisional=True)

    assert "Hollow points are provisional" in page_of(client, metric)


def test_new_limits_begin_with_the_first_figure_of_their_period_and_say_why(client: StrictClient) -> None:
    metric = monthly([*USUAL, *[value + 200 for value in USUAL]])
    RebaseFactory(metric=metric, starts_on="2017-08", reason="The clinic moved.")

    points = picture_of(metric).series.analysis.points
    assert points.rebase_group == [0] * 16 + [1] * 16
    assert points.mean[-1] == points.mean[0] + 200
    assert "August 2017: New limits: The clinic moved." in page_of(client, metric)


def test_new_limits_belong_to_a_version_of_the_metric() -> None:
    metric = monthly(USUAL)
    RebaseFactory(metric=metric, starts_on="2017-01")

    assert len(snapshot(metric)["parts"]["rebases"]) == 1


def test_milestones_of_a_public_programme_are_numbered_notes(client: StrictClient) -> None:
    programme = ProgrammeFactory()
    for at, (date, name) in enumerate([("2016-09", "It opens"), ("2012", "Long before")], start=1):
        StatementFactory(programme=programme, kind="milestone", position=at, happened_on=date, name=name)
    metric = monthly(USUAL, programme=programme)
    assert "It opens" not in page_of(client, metric)

    dates = dict.fromkeys(["first_published_at", "updated_at", "modified_at"], NOW)
    type(programme).objects.filter(pk=programme.pk).update(state="published", **dates)

    assert "September 2016: It opens" in page_of(client, metric)
    assert "Long before" not in page_of(client, metric)


def test_percentages_are_charted_from_their_parts(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(rate=True, frequency="monthly", published=True)
    for month in range(1, 13):
        ObservationFactory(
            metric=metric, period_start=f"2018-{month:02}", period_end=f"2018-{month:02}",
            numerator=80 + month, denominator=100,
        )  # fmt: skip

    assert picture_of(metric).series.analysis.points.value == [81.0 + at for at in range(12)]
    assert "<title>January 2018: 81.0%</title>" in page_of(client, metric)


def test_the_csv_has_the_figures_with_mean_limits_and_flags(client: StrictClient) -> None:
    metric = monthly([*USUAL, None, 300], direction="down")
    metric.observations.filter(period_start="2016-05").update(note="=cmd()", is_provisional=True)

    rows = table_of(client, metric)

    assert [row["period_start"] for row in rows[:2]] == ["2016-04", "2016-05"]
    assert (rows[1]["value"], rows[1]["note"], rows[1]["provisional"]) == ("120", "'=cmd()", "yes")
    assert (rows[16]["value"], rows[16]["missing_reason"]) == ("", "Not collected.")
    assert (rows[17]["special_cause"], rows[17]["point_type"]) == ("Above UCL", "special_cause_concern")
    assert float(rows[0]["lower_limit"]) < float(rows[0]["mean"]) < float(rows[0]["upper_limit"])


def test_the_chart_can_be_taken_away_as_a_drawing_and_as_a_picture(client: StrictClient) -> None:
    metric = monthly(USUAL)

    svg, png = client.get(address(metric, ".svg")), client.get(address(metric, ".png"))

    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    assert b"<a " not in svg.content
    assert png["Content-Type"] == "image/png"
    assert png.content.startswith(b"\x89PNG")


def test_a_picture_is_painted_once_and_anew_when_a_figure_changes(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    metric, painted = monthly(USUAL, name="Painted once"), []

    def paint_and_count(*args: object, **kwargs: object) -> bytes:
        painted.append(args)
        return paint(*args, **kwargs)

    monkeypatch.setattr("programmes.views.paint", paint_and_count)
    first, second = (client.get(address(metric, ".png")).content for _ in range(2))
    metric.observations.filter(period_start="2016-04").update(value=1)
    third = client.get(address(metric, ".png")).content

    assert len(painted) == 2
    assert first == second != third


def test_other_sites_may_show_the_chart_and_no_other_page(client: StrictClient) -> None:
    metric = monthly(USUAL)

    embedded, page = client.get(address(metric, "/embed/")), client.get(metric.get_absolute_url())

    assert "frame-ancestors *" in embedded["Content-Security-Policy"]
    assert "X-Frame-Options" not in embedded
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert f'src="http://testserver{address(metric, "/embed/")}"' in page.content.decode().replace("&quot;", '"')


@pytest.mark.parametrize("ending", [".csv", ".csv-metadata.json", ".svg", ".png", "/embed/"])
def test_of_a_draft_nothing_is_given_away_and_a_withdrawn_one_says_so(ending: str, client: StrictClient) -> None:
    draft = monthly(USUAL, published=False)
    gone = monthly(USUAL, published=False, name="Gone")
    OutcomeMetric.objects.filter(pk=gone.pk).update(
        state="withdrawn",
        withdrawal_reason="It ended.",
        **dict.fromkeys(["first_published_at", "updated_at", "modified_at"], NOW),
    )

    assert client.get(address(draft, ending)).status_code == 404
    assert client.get(address(gone, ending)).status_code == 410


def test_many_figures_take_as_many_queries_as_few_and_a_bounded_drawing(client: StrictClient) -> None:
    few, many = monthly(USUAL), monthly([], name="Many")
    days = [datetime.date(1990, 1, 1) + datetime.timedelta(days=7 * at) for at in range(700)]
    many.observations.bulk_create(
        many.observations.model(metric=many, period_start=str(day), period_end=str(day), value=at % 17, approved_at=NOW)
        for at, day in enumerate(days)
    )
    asked = []
    for metric in (few, many):
        page_of(client, metric)
        with CaptureQueriesContext(connection) as captured:
            page = page_of(client, metric)
        asked.append(len(captured))

    assert asked[0] == asked[1]
    assert page.count("<title>") == 2 * 120 + 1
    assert len(picture_of(many).series.observations) == 520
