"""The picture of the network in words: what each point and line says and where it leads, the sentence, the key."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import Organisation
from partnerships.networks import MARKS
from trustportal.networks.drawing import HUB_MARK, NARROW, WIDE, Drawing, Mark, Paper, Said, draw
from trustportal.networks.graph import Graph, Line, Point, graph_of
from trustportal.networks.models import Work
from trustportal.networks.reading import Relations

KINDS = {value: str(label) for value, label in Organisation.Kind.choices}
MOST_NAMED = 3  # works that a line names


@dataclass(frozen=True)
class Picture:
    """A graph with its words. `start` is the key of the point in whose honour it is drawn, or ""."""

    relations: Relations
    graph: Graph
    query: QueryDict
    host: str

    @cached_property
    def wide(self) -> Drawing:
        """For screens and paper."""
        return self._drawn(WIDE)

    @cached_property
    def narrow(self) -> Drawing:
        """For phones."""
        return self._drawn(NARROW)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is tied to anybody."""
        return not self.relations.parts

    @cached_property
    def sentence(self) -> str:
        """What it shows: how many are tied by how much, and who has a part in most."""
        relations = self.relations
        if self.is_empty:
            if start := relations.choice.start:
                return _("No ties around “%(name)s” are known for this choice.") % {"name": start.name}
            return _("No ties between partners are known for this choice.")
        partners = len(relations.nodes)
        words = [
            ngettext("%(count)d partner is tied by %(works)s.", "%(count)d partners are tied by %(works)s.", partners)
            % {"count": partners, "works": self._works_in_words()}
        ]
        counts = relations.counts
        first, *others = relations.nodes.values()
        most = counts.get(first.key, 0)
        is_its_own = relations.choice.work or (relations.choice.partner and relations.choice.steps == 1)
        if not is_its_own and most > 1 and (not others or counts.get(others[0].key, 0) < most):
            words.append(
                _("%(partner)s has a part in most of them: %(count)d.") % {"partner": first.name, "count": most}
            )
        if relations.choice.at:
            words.append(_("It shows what held at this date: %(date)s.") % {"date": relations.choice.at.words})
        return " ".join(words)

    def _works_in_words(self) -> str:
        """How many partnerships, programmes and successions tie them."""
        phrases = []
        for sort, one, many in [
            (Work.Sort.PARTNERSHIP, "%(count)d partnership", "%(count)d partnerships"),
            (Work.Sort.PROGRAMME, "%(count)d programme", "%(count)d programmes"),
        ]:
            if count := self.relations.works_of(sort):
                phrases.append(ngettext(one, many, count) % {"count": count})
        if not phrases:
            count = self.relations.works_of(Work.Sort.SUCCESSION)
            return ngettext("%(count)d succession", "%(count)d successions", count) % {"count": count}
        return _(" and ").join(phrases)

    # The key

    @property
    def kinds(self) -> list[tuple[Mark, str]]:
        """The kinds of organisation in it, in the order of the lists."""
        there = {point.node.kind if point.node else point.group for point in self.graph.points if not point.work}
        return [(MARKS[kind], label) for kind, label in KINDS.items() if kind in there]

    @property
    def hub(self) -> Mark | None:
        """The mark of a large partnership or programme, where there is one."""
        return HUB_MARK if any(point.work for point in self.graph.points) else None

    @property
    def has_partnerships(self) -> bool:
        """Whether a line stands for a partnership."""
        return any(line.has_partnership for line in self.graph.lines)

    @property
    def has_programmes_alone(self) -> bool:
        """Whether a line stands for programmes alone."""
        return any(not line.has_partnership and not line.is_succession for line in self.graph.lines)

    @property
    def has_successions(self) -> bool:
        """Whether an arrow leads to a successor."""
        return any(line.is_succession for line in self.graph.lines)

    @property
    def has_ended(self) -> bool:
        """Whether a line is light because all of it has ended."""
        return any(line.is_over and not line.is_succession for line in self.graph.lines)

    @property
    def has_bundles(self) -> bool:
        """Whether a line stands for several works."""
        return any(len(line.works) > 1 for line in self.graph.lines)

    @property
    def has_closed(self) -> bool:
        """Whether a point is hollow because the organisation has closed."""
        return any(point.is_closed for point in self.graph.points)

    @property
    def has_host(self) -> bool:
        """Whether the host is in it, marked."""
        return any(point.key == self._marked for point in self.graph.points)

    @property
    def is_opened(self) -> bool:
        """Whether some of the partners that stand together are drawn one by one."""
        return self.graph.is_grouped and any(point.node for point in self.graph.points)

    @property
    def marked_in_words(self) -> str:
        """What the ring says."""
        return _("Whose network it is") if self.relations.choice.partner else _("Whose portal this is")

    @property
    def groups(self) -> list[tuple[str, int, str]]:
        """The groups in it: name, how many, and the address that opens it."""
        return [
            (self.said[point.key].label, point.count, self.said[point.key].address)
            for point in self.graph.points
            if point.group
        ]

    # What points and lines say

    @property
    def _marked(self) -> str:
        partner = self.relations.choice.partner
        return partner.key if partner else self.host

    @cached_property
    def said(self) -> dict[str, Said]:
        """By key of a point."""
        return {point.key: self._of_point(point) for point in self.graph.points}

    def _of_point(self, point: Point) -> Said:
        if point.work:
            label = point.work.get_sort_display()
            words = _("%(sort)s: %(name)s. Show its page") % {"sort": label, "name": point.work.name}
            return Said(words, point.work.address, point.work.name)
        if point.group:
            label = f"{KINDS[point.group]}: {point.count}"
            opened = {"open": point.group}
            if point.is_rest:
                label = _("Others: %(group)s") % {"group": label}
                opened["after"] = str(self.graph.next_after or 0)
            words = _("%(group)s. Show them one by one") % {"group": label}
            return Said(words, self._address(**opened), label)
        node = point.node
        count = ngettext("%(count)d partnership or programme", "%(count)d partnerships and programmes", point.weight)
        facts = [KINDS.get(node.kind, node.kind), count % {"count": point.weight}]
        label = node.short_name or node.name
        if point.is_closed:
            facts.insert(1, _("closed %(date)s") % {"date": node.closed_on.words})
            label = _("%(name)s (closed)") % {"name": label}
        words = f"{node.name}: {', '.join(facts)}. "
        partner = self.relations.choice.partner
        if partner and partner.key == node.key:
            return Said(words + _("Show its page"), node.address, label)
        return Said(words + _("Show its network"), f"{reverse('network')}?partner={node.slug}", label)

    def _of_line(self, line: Line) -> Said:
        one, other = self._name(line.one), self._name(line.other)
        works = list(line.works.values())
        if line.is_succession:
            return Said(_("%(one)s was followed by %(other)s") % {"one": one, "other": other}, works[0].address)
        names = [work.name for work in works[:MOST_NAMED]]
        if more := len(works) - len(names):
            names.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
        words = _("%(one)s and %(other)s: %(works)s") % {"one": one, "other": other, "works": "; ".join(names)}
        if line.is_over:
            words = _("%(words)s (ended)") % {"words": words}
        if len(works) == 1:
            return Said(words, works[0].address)
        ends = [self._point(key).node for key in (line.one, line.other)]
        if all(ends):
            return Said(words, f"{reverse('network')}?partner={ends[0].slug}&with={ends[1].slug}#ties")
        groups = [key for key in (line.one, line.other) if self._point(key).group]
        return Said(words, self._address(open=self._point(groups[0]).group) if groups else works[0].address)

    @cached_property
    def _points(self) -> dict[str, Point]:
        return {point.key: point for point in self.graph.points}

    def _point(self, key: str) -> Point:
        return self._points[key]

    def _name(self, key: str) -> str:
        point = self._point(key)
        if point.node:
            return str(point.node.name)
        return str(point.work.name) if point.work else self.said[key].label

    def _address(self, **changes: str) -> str:
        query = self.query.copy()
        for name in ("page", "after"):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"{reverse('network')}?{query.urlencode()}"

    def _drawn(self, paper: Paper) -> Drawing:
        lines = {number: self._of_line(line) for number, line in enumerate(self.graph.lines)}
        return draw(self.graph, paper, marks=MARKS, said=self.said, line_said=lines, marked=self._marked)


def picture_of(relations: Relations, *, query: QueryDict, opened: str = "", after: int = 0, host: str = "") -> Picture:
    """The picture of some relations."""
    return Picture(relations, graph_of(relations, opened=opened, after=after), query, host)
