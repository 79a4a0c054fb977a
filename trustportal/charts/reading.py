"""What a series says to a reader: icons and one plain sentence, held back where there is too little to say.

Icons and limits are the portal's own rules on top of the engine, after Making Data Count: none below 13 rows of the
present segment, or where the limits cannot be worked out; and no icons where the latest figure is missing. A series
that is no control chart has a sentence alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.charts.rules import RUN
from trustportal.charts.spc import SHORT, Analysis, Direction


@dataclass(frozen=True)
class Icon:
    """A verdict: its name for the stylesheet, its sign (never colour alone), and its words."""

    name: str
    sign: str
    words: str


@dataclass(frozen=True)
class Reading:
    """What the latest figures of one series say."""

    sentence: str
    variation: Icon | None = None
    assurance: Icon | None = None


@dataclass(frozen=True)
class Told:
    """A figure and when it was counted, in words that fit into a sentence."""

    value: str  # "3rd", "84.2%"
    when: str  # "in 2019"


def no_latest() -> str:
    """What is said where the latest period has no figure."""
    return _("There is no figure for the latest period.")


def spans(count: int, unit: str) -> str:
    """So many weeks, months, quarters or years in words; figures for any other unit."""
    words = {
        "weekly": ngettext("%d week", "%d weeks", count),
        "monthly": ngettext("%d month", "%d months", count),
        "quarterly": ngettext("%d quarter", "%d quarters", count),
        "yearly": ngettext("%d year", "%d years", count),
    }.get(unit, ngettext("%d figure", "%d figures", count))
    return words % count


def variation_icon(name: str) -> Icon:
    """The icon for how the latest figure stands against the usual ones."""
    kind, _underscore, side = name.partition("_")
    arrow = {"high": "▲", "low": "▼"}.get(side, "")
    words = {
        ("improvement", "high"): _("Improving: higher than usual"),
        ("improvement", "low"): _("Improving: lower than usual"),
        ("concern", "high"): _("Getting worse: higher than usual"),
        ("concern", "low"): _("Getting worse: lower than usual"),
        ("neutral", "high"): _("Higher than usual"),
        ("neutral", "low"): _("Lower than usual"),
    }
    if (kind, side) not in words:
        return Icon("common", "∿", _("No real change"))
    return Icon(kind, arrow, words[kind, side])


def assurance_icon(name: str) -> Icon:
    """The icon for whether the target will be met."""
    return {
        "pass": Icon("pass", "✓", _("Meets the target again and again")),
        "fail": Icon("fail", "✗", _("Misses the target again and again")),
    }.get(name) or Icon("inconsistent", "?", _("Sometimes meets the target, sometimes not"))


def read(analysis: Analysis, *, direction: Direction, unit: str) -> Reading:
    """What a series of one facet says; `unit` is how often it comes: "weekly", "monthly", "quarterly" or "yearly"."""
    points = analysis.points
    rows = points.rebase_group.count(points.rebase_group[-1])
    known = {value for value in points.value[-rows:] if value is not None}
    if rows < SHORT:
        words = ngettext("There is only %d figure", "There are only %d figures", rows) % rows
        if points.rebase_group[0] != points.rebase_group[-1]:
            words = (
                ngettext(
                    "Since new limits began there is only %d figure",
                    "Since new limits began there are only %d figures",
                    rows,
                )
                % rows
            )
        why = _("%(count)s: too few to tell what is usual. That takes %(needed)d.")
        return Reading(why % {"count": words, "needed": SHORT})
    if points.upl[-1] is None:
        if len(known) == 1:
            return Reading(_("The figure has been the same throughout."))
        return Reading(_("Too many figures are missing to tell what is usual."))
    if points.value[-1] is None:
        return Reading(no_latest())
    [overall] = analysis.overall
    return Reading(
        _sentence(analysis, direction, unit),
        variation_icon(overall.variation_icon),
        assurance_icon(overall.assurance_icon) if overall.assurance_icon else None,
    )


def _sentence(analysis: Analysis, direction: Direction, unit: str) -> str:
    points = analysis.points
    said = _what_happened(analysis, unit)
    kind = points.point_type[-1]
    if kind == "common_cause":
        return said
    verdict = {"special_cause_improvement": _("improving"), "special_cause_concern": _("getting worse")}.get(kind, "")
    return _("%(what)s: %(verdict)s.") % {"what": said, "verdict": verdict} if verdict else f"{said}."


def _what_happened(analysis: Analysis, unit: str) -> str:
    points = analysis.points
    cause = points.special_cause_type[-1]
    rows = points.rebase_group.count(points.rebase_group[-1])  # no rule looks beyond its segment
    is_high = points.relative_to_mean[-1] == 1
    if cause in {"Above UCL", "Below LCL"}:
        return (
            _("The latest figure is far above what is usual")
            if is_high
            else _("The latest figure is far below what is usual")
        )
    if cause.startswith("7 Point Trend"):
        span = spans(_trend(points.value[-rows:]), unit)
        words = _("Rising for %(span)s in a row") if "Increasing" in cause else _("Falling for %(span)s in a row")
        return words % {"span": span}
    if cause.startswith("2 in 3"):
        return (
            _("Two of the last three figures are much higher than usual")
            if is_high
            else _("Two of the last three figures are much lower than usual")
        )
    if cause.startswith(f"{RUN} Points"):
        span = spans(_run(points.relative_to_mean[-rows:]), unit)
        words = _("Higher than usual for %(span)s") if is_high else _("Lower than usual for %(span)s")
        return words % {"span": span}
    return _("No real change: the figures go up and down as they usually do.")


def _run(sides: list[int | None]) -> int:
    """How many rows at the end stand on the same side."""
    count = 0
    for side in reversed(sides):
        if side != sides[-1]:
            break
        count += 1
    return count


def _trend(values: list[float | None]) -> int:
    """How many rows at the end rise, or fall, each from the one before; the first of them counts too."""
    count, way = 1, 0
    for later, earlier in zip(reversed(values), reversed(values[:-1]), strict=False):
        if later is None or earlier is None or later == earlier:
            break
        step = 1 if later > earlier else -1
        if way and step != way:
            break
        way, count = step, count + 1
    return count


def read_places(now: Told, before: Told, *, climbed: int, direction: Direction) -> Reading:
    """What two places in a ranking say: "3rd in 2025, up from 5th in 2024: better.".

    `climbed` is by how much the number of the place is smaller than before. Where the first place is best the direction
    is "decrease".
    """
    words = {"now": now.value, "when": now.when, "before": before.value, "then": before.when}
    if climbed == 0:
        return Reading(_("%(now)s %(when)s, as %(then)s.") % words)
    if direction == "neutral":
        return Reading(_("%(now)s %(when)s, after %(before)s %(then)s.") % words)
    if direction == "increase":
        said = (
            _("%(now)s %(when)s, after %(before)s %(then)s: worse.")
            if climbed > 0
            else _("%(now)s %(when)s, after %(before)s %(then)s: better.")
        )
    else:
        said = (
            _("%(now)s %(when)s, up from %(before)s %(then)s: better.")
            if climbed > 0
            else _("%(now)s %(when)s, down from %(before)s %(then)s: worse.")
        )
    return Reading(said % words)


def read_pair(now: Told, before: Told, *, more: bool | None, difference: str) -> Reading:
    """What two figures say: "2,477 in 2019, 310 more than in 2018."; `more` is None where they are equal."""
    words = {"now": now.value, "when": now.when, "then": before.when, "difference": difference}
    if more is None:
        return Reading(_("%(now)s %(when)s, the same as %(then)s.") % words)
    if more:
        return Reading(_("%(now)s %(when)s, %(difference)s more than %(then)s.") % words)
    return Reading(_("%(now)s %(when)s, %(difference)s less than %(then)s.") % words)


def read_answers(answers: Sequence[bool | None]) -> Reading:
    """What two or more answers of yes or no say, in time order: "Yes in 5 of 6 periods; the latest is no."."""
    known = [answer for answer in answers if answer is not None]
    yes, periods = sum(known), len(known)
    words = {"yes": yes, "periods": periods}
    if yes == periods:
        said = (_("Yes in both periods") if periods == 2 else _("Yes in all %(periods)d periods")) % words
    elif yes == 0:
        said = (_("No in both periods") if periods == 2 else _("No in all %(periods)d periods")) % words
    else:
        said = {
            None: _("Yes in %(yes)d of %(periods)d periods"),
            True: _("Yes in %(yes)d of %(periods)d periods; the latest is yes"),
            False: _("Yes in %(yes)d of %(periods)d periods; the latest is no"),
        }[answers[-1]] % words
    return Reading(f"{said}." if answers[-1] is not None else f"{said}. {no_latest()}")
