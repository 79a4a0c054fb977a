"""The chart of a metric: for which figures there is one, what it says, and in which forms it can be taken away."""

import csv
import datetime
import io

import pytest
from django.db import connection
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
    return list(csv.DictReader(io.StringIO(client.get(address(metric, ".csv")).content.decode())))


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
def test_what_is_no_series_of_counts_or_rates_has_no_chart(facts: dict, client: StrictClient) -> None:
    metric = monthly([1] * 16, **facts)

    assert "<svg" not in page_of(client, metric)
    for ending in (".svg", ".png", "/embed/"):
        assert client.get(address(metric, ending)).status_code == 404
    assert len(table_of(client, metric)) == 16


def test_one_or_two_points_make_no_chart(client: StrictClient) -> None:
    assert picture_of(monthly([1, None, 2])) is None
    assert picture_of(monthly([1, 3, 2], name="Others")) is not None


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

    points = picture_of(metric).analysis.points
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

    type(programme).objects.filter(pk=programme.pk).update(state="published", first_published_at=NOW, updated_at=NOW)

    assert "September 2016: It opens" in page_of(client, metric)
    assert "Long before" not in page_of(client, metric)


def test_percentages_are_charted_from_their_parts(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(rate=True, frequency="monthly", published=True)
    for month in range(1, 13):
        ObservationFactory(
            metric=metric, period_start=f"2018-{month:02}", period_end=f"2018-{month:02}",
            numerator=80 + month, denominator=100,
        )  # fmt: skip

    assert picture_of(metric).analysis.points.value == [81.0 + at for at in range(12)]
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


@pytest.mark.parametrize("ending", [".csv", ".svg", ".png", "/embed/"])
def test_of_a_draft_nothing_is_given_away_and_a_withdrawn_one_says_so(ending: str, client: StrictClient) -> None:
    draft = monthly(USUAL, published=False)
    gone = monthly(USUAL, published=False, name="Gone")
    OutcomeMetric.objects.filter(pk=gone.pk).update(
        state="withdrawn", withdrawal_reason="It ended.", first_published_at=NOW, updated_at=NOW
    )

    assert client.get(address(draft, ending)).status_code == 404
    assert client.get(address(gone, ending)).status_code == 410


def test_many_figures_take_as_many_queries_as_few_and_a_bounded_drawing(client: StrictClient) -> None:
    few, many = monthly(USUAL), monthly([], name="Many")
    days = [datetime.date(1990, 1, 1) + datetime.timedelta(days=7 * at) for at in range(700)]
    many.observations.bulk_create(
        many.observations.model(metric=many, period_start=str(day), period_end=str(day), value=at % 17)
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
    assert len(picture_of(many).observations) == 520
