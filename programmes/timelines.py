"""What this app tells on a timeline: programmes, what happened on their way, openings, figures of note."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Organisation
from partnerships.timelines import event, parts_of
from programmes.models import (
    Observation,
    Participation,
    Place,
    Programme,
    Rebase,
    SatelliteSite,
    Statement,
)
from trustportal.timelines.drawing import NARROW, WIDE, draw
from trustportal.timelines.events import Event, Span
from trustportal.timelines.gathering import Run, Telling, Undated, ending_of

FEWEST_DRAWN, MOST_DRAWN = 3, 40  # events of the small picture
GOES_ON = {Programme.Stage.RUNNING, Programme.Stage.PLANNED}


def tellings(
    public: QuerySet,
    metrics: QuerySet,
    partner: Organisation | None = None,
    *,
    is_whole: bool,
    every_beginning: bool = False,
) -> list[Telling]:
    """What is told of public programmes and metrics: of all (`is_whole`), or of some.

    Of a partner alone when it came and went. The beginning of a programme is left out where a milestone or an opening
    has the very same date, and each names the programme with its dates; with `every_beginning` it is not.
    """
    begun = public if every_beginning else public.whose_beginning_nothing_else_tells()
    statements = parts_of(Statement, public, is_whole=is_whole)
    told = Statement.objects.select_related("programme", "source")
    taking_part = parts_of(Participation, public, is_whole=is_whole).with_public("organisation")
    if partner:
        taking_part = taking_part.filter(organisation=partner)
    joined, left = taking_part.on_another_date("started_on"), taking_part.on_another_date("ended_on")
    shown = Participation.objects.select_related("programme", "organisation", "source")
    return [
        Telling("programme-began", "runs", "started_on", begun, Programme.objects.all(), _began),
        Telling("programme-ended", "runs", "ended_on", public, Programme.objects.all(), _ended),
        Telling("milestone", "milestones", "happened_on", statements.milestones(), told, _statement),
        Telling("achievement", "milestones", "happened_on", statements.achievements(), told, _statement),
        Telling("partner-joined", "partners", "started_on", joined, shown, _joined),
        Telling("partner-left", "partners", "ended_on", left, shown, _left),
        *_openings(public, is_whole),
        *_figures(metrics, is_whole),
    ]


def _openings(public: QuerySet, is_whole: bool) -> list[Telling]:
    places = parts_of(Place, public, is_whole=is_whole).with_public("site")
    satellites = parts_of(SatelliteSite, public, is_whole=is_whole).whose_opening_no_place_tells()
    shown = Place.objects.select_related("programme", "site", "source")
    facts = SatelliteSite.objects.select_related("programme", "source")
    return [
        Telling("place-opened", "openings", "opened_on", places, shown, _place_opened),
        Telling("satellite-opened", "openings", "opened_on", satellites, facts, _satellite_opened),
    ]


def _figures(metrics: QuerySet, is_whole: bool) -> list[Telling]:
    figures = parts_of(Observation, metrics, is_whole=is_whole).notable()
    shown = Observation.objects.select_related("metric__programme", "metric__partnership", "source")
    begun = parts_of(Rebase, metrics, is_whole=is_whole)
    rebased = Rebase.objects.select_related("metric", "source")
    return [
        Telling("figure", "figures", "period_end", figures, shown, _figure),
        Telling("new-limits", "figures", "starts_on", begun, rebased, _new_limits),
    ]


def runs(public: QuerySet) -> list[Run]:
    """Programmes with their beginnings and ends."""
    return [Run("runs", public, span_of)]


def undated(public: QuerySet) -> list[Undated]:
    """Programmes of which neither beginning nor end is known."""
    return [Undated("programme", public.without_dates("started_on", "ended_on"), ("name", "slug"))]


def address_of_undated(slug: str) -> tuple[str, str]:
    """What sort of thing it is, in words, and its page."""
    return _("Programme"), reverse("programme-detail", args=[slug])


def pictures_on_page(
    programme: Programme, statements: Iterable[Statement], places: Iterable[Place], on: datetime.date | None = None
) -> dict[str, object]:
    """The small picture on the page of a programme, wide and narrow, and how many dated things it shows.

    Of milestones and achievements, openings and the run itself, which the page has read already: no query. No pictures
    where there are fewer than FEWEST_DRAWN dated things.
    """
    events = _events_on_page(programme, statements, places)
    spans = [span_of(programme)] if programme.started_on or programme.ended_on else []
    count = len(events) + len(spans)
    if count < FEWEST_DRAWN:
        return {"pictures": [], "count": count}
    headings = {"runs": _("The programme"), "milestones": _("Milestones and achievements"), "openings": _("Openings")}
    today = on or timezone.localdate()
    pictures = [draw(events[:MOST_DRAWN], spans, headings, size, today) for size in (WIDE, NARROW)]
    return {"pictures": pictures, "count": count}


def _events_on_page(programme: Programme, statements: Iterable[Statement], places: Iterable[Place]) -> list[Event]:
    found, opened = [], set()
    for statement in statements:
        if statement.happened_on:
            statement.programme = programme
            found.append(_statement(statement))
    for place in places:
        if place.opened_on:
            place.programme = programme
            opened.add(place.opened_on)
            found.append(_place_opened(place))
    satellite = getattr(programme, "satellite_site", None)
    if satellite and satellite.opened_on and satellite.opened_on not in opened:
        found.append(_satellite_opened(satellite))
    return found


# Each sort of event in words


def _began(row: Programme) -> Event:
    return event("programme-began", "runs", _("Programme began"), row.name, row.started_on, row, text=row.summary)


def _ended(row: Programme) -> Event:
    return event("programme-ended", "runs", _("Programme ended"), row.name, row.ended_on, row)


def _statement(row: Statement) -> Event:
    name = "milestone" if row.kind == Statement.Kind.MILESTONE else "achievement"
    words, text = (row.name, row.text) if row.name else (row.text, "")
    programme, what = row.programme, str(Statement.Kind(row.kind).label)
    return event(
        name, "milestones", what, words, row.happened_on, programme, row, text=text, period=programme.period,
        address=f"{programme.get_absolute_url()}#{'milestones' if name == 'milestone' else 'achieved'}",
    )  # fmt: skip


def _joined(row: Participation) -> Event:
    words = _("%(partner)s joined") % {"partner": row.organisation.name}
    role = row.get_role_display()
    return event("partner-joined", "partners", role, words, row.started_on, row.programme, row, text=row.note)


def _left(row: Participation) -> Event:
    words = _("%(partner)s left") % {"partner": row.organisation.name}
    return event("partner-left", "partners", row.get_role_display(), words, row.ended_on, row.programme, row)


def _place_opened(row: Place) -> Event:
    words = _("Opened: %(place)s") % {"place": row.site.name}
    address = f"{row.programme.get_absolute_url()}#places"
    return event(
        "place-opened", "openings", _("Opening"), words, row.opened_on, row.programme, row, text=row.note,
        period=row.programme.period, address=address,
    )  # fmt: skip


def _satellite_opened(row: SatelliteSite) -> Event:
    words = _("Opened: %(place)s") % {"place": row.programme.name}
    return event("satellite-opened", "openings", _("Opening"), words, row.opened_on, row.programme, row)


def _figure(row: Observation) -> Event:
    words = _("%(metric)s: %(figure)s") % {"metric": row.metric.name, "figure": row.figure_in_words}
    unit = row.metric.unit_in_words
    return event(
        "figure", "figures", row.get_notable_display(), f"{words} {unit}".strip(), row.period_end, row.metric, row,
        since=row.period_start if row.period_start != row.period_end else None,
        address=f"{row.metric.get_absolute_url()}#figure-{row.pk}",
    )  # fmt: skip


def _new_limits(row: Rebase) -> Event:
    words = _("%(metric)s: %(reason)s") % {"metric": row.metric.name, "reason": row.reason}
    return event("new-limits", "figures", _("New limits"), words, row.starts_on, row.metric, row)


def span_of(row: Programme) -> Span:
    """The run of a programme; it has a beginning or an end."""
    ending = ending_of(row.ended_on, goes_on=row.stage in GOES_ON)
    key = f"programme/{row.pk}"
    return Span(key, "runs", row.name, row.get_absolute_url(), row.started_on, row.ended_on, ending)
