"""What pages say in schema.org's words: taken out of their HTML, and judged by somebody else's types."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests import node
from tests.strict_client import parsed

Node = dict[str, object]
SETTINGS = {"strict": True, "noEmit": True, "skipLibCheck": True, "module": "preserve", "moduleResolution": "bundler"}


def things_on(html: str) -> list[Node]:
    """The things of which a page tells, of all its data blocks."""
    page = parsed(html)[0]
    blocks = [json.loads(script.text) for script in page.iter("script") if script.get("type") == "application/ld+json"]
    assert all(block.keys() == {"@context", "@graph"} for block in blocks)
    assert {block["@context"] for block in blocks} <= {"https://schema.org"}
    return [thing for block in blocks for thing in block["@graph"]]


def walk(value: object) -> Iterator[Node]:
    """Every object in it, also within others."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def apart(things: Iterable[Node]) -> Iterator[Node]:
    """The things, and actions by themselves: the types know what somebody is to fill in at the top alone."""
    for thing in things:
        if "potentialAction" in thing:
            yield thing["potentialAction"]
        yield {name: value for name, value in thing.items() if name != "potentialAction"}


def type_of(thing: Node) -> str:
    """The type by which a thing is judged."""
    kinds = thing["@type"] if isinstance(thing["@type"], list) else [thing["@type"]]
    leaves = [f"schema.{kind}Leaf" for kind in kinds]
    if len(leaves) > 1:
        return f"schema.MergeLeafTypes<[{', '.join(leaves)}]>"
    return f"schema.WithActionConstraints<{leaves[0]}>" if leaves[0].endswith("ActionLeaf") else leaves[0]


def faults_of(things: Iterable[Node], folder: Path) -> list[str]:
    """Where things use schema.org's vocabulary wrongly: an unknown word, a value of another kind. One run of tsc."""
    types = node.installed() / "schema-dts" / "dist" / "schema.d.ts"
    tsc = node.installed() / "typescript" / "bin" / "tsc"
    lines = ['import type * as schema from "schema-dts";']
    for number, (written, kind) in enumerate({json.dumps(one): type_of(one) for one in apart(things)}.items()):
        lines.append(f"export const thing{number}: {kind} = {written};")
    (folder / "said.ts").write_text("\n".join(lines))
    settings = {"compilerOptions": {**SETTINGS, "paths": {"schema-dts": [str(types)]}}, "files": ["said.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    done = node.run(tsc, "--project", folder, "--pretty", "false")
    faults = [line for line in done.stdout.splitlines() if "error TS" in line]
    assert bool(done.returncode) == bool(faults), done.stdout + done.stderr
    return [f"{fault}\n  {lines[int(fault.partition('(')[2].partition(',')[0]) - 1][:600]}" for fault in faults]
