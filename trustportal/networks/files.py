"""The network as files: GraphML for programs that analyse networks, and JSON with nodes and links."""

import io
import re
from collections.abc import Mapping

from trustportal.networks.models import Work
from trustportal.networks.reading import Relations

NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_data(
    relations: Relations, *, site: str, kinds: Mapping[str, str], roles: Mapping[str, str]
) -> dict[str, object]:
    """Nodes and links as plain data. A link goes from who leads a work (or from the work itself, where nobody shown
    leads it) to who has a part in it; what is not known is left empty. Whether somebody has closed or something has
    ended is told of the day of the choice."""
    counts, choice = relations.counts, relations.choice
    nodes = [
        {
            "id": node.slug,
            "sort": "partner",
            "name": node.name,
            "kind": kinds.get(node.kind, node.kind),
            "closed": str(node.closed_on or ""),
            "is_closed": choice.has_closed(node),
            "works": counts.get(node.key, 0),
            "address": f"{site}{node.address}",
        }
        for node in relations.nodes.values()
    ]
    links = []
    for parts in relations.works.values():
        work, leads = parts[0].work, [part for part in parts if part.is_lead]
        over = bool(leads) and choice.is_over(leads[0])
        source = leads[0].node.slug if leads else f"{work.sort}/{work.slug}"
        if not leads:
            address = f"{site}{work.address}"
            nodes.append(
                {"id": source, "sort": work.sort, "name": work.name, "kind": str(work.get_sort_display()),
                 "closed": str(work.ended_on or ""), "is_closed": choice.has_ended(work), "works": 1,
                 "address": address}
            )  # fmt: skip
        links += [
            {
                "id": f"{work.sort}/{work.slug}/{part.node.slug}/{part.role}",
                "source": source,
                "target": part.node.slug,
                "sort": work.sort,
                "through": "" if work.sort == Work.Sort.SUCCESSION else work.name,
                "role": roles.get(part.role, part.role),
                "since": str(part.started_on or ""),
                "until": str(part.ended_on or ""),
                "is_over": over or choice.is_over(part),
                "address": f"{site}{work.address}",
            }
            for part in parts
            if not part.is_lead
        ]
    return {"nodes": nodes, "links": links}


def as_graphml(data: dict[str, list[dict[str, object]]]) -> bytes:
    """The same as GraphML: a directed graph in which two nodes may have several links."""
    import networkx

    graph = networkx.MultiDiGraph()
    for node in data["nodes"]:
        graph.add_node(node["id"], **{name: _in_xml(value) for name, value in node.items() if name != "id"})
    for link in data["links"]:
        facts = {name: _in_xml(value) for name, value in link.items() if name not in {"id", "source", "target"}}
        graph.add_edge(link["source"], link["target"], key=link["id"], **facts)
    file = io.BytesIO()
    # Not by their names: nodes and links have facts of the same name, and an id stands once in a file.
    networkx.write_graphml_xml(graph, file, encoding="utf-8", named_key_ids=False)
    return file.getvalue()


def _in_xml(value: object) -> object:
    """Without characters that XML cannot hold."""
    return NOT_IN_XML.sub("", value) if isinstance(value, str) else value
