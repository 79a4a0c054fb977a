"""Downloads of the NHS Organisation Data Service as they come, in small.

RJ1, RPA, RR8, QKK and QWO are codes of organisations that exist, with their names and towns. Codes that begin with ZZ,
dates of theirs and what followed them are made up.
"""

import json

GUYS = "GUY'S AND ST THOMAS' NHS FOUNDATION TRUST"
MEDWAY = "MEDWAY NHS FOUNDATION TRUST"
LEEDS = "LEEDS TEACHING HOSPITALS NHS TRUST"
CODES = "https://fhir.nhs.uk/Id/ods-organization-code"
STU3 = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ODSAPI-"


def organisation_line(code: str, name: str, town: str = "", opened: str = "", closed: str = "") -> str:
    """A line of etr.csv: 27 columns, texts in quotes."""
    cells = [
        code,
        f'"{name}"',
        "Y56",
        "QKK",
        '"HOUSE, FLOOR 1"',
        "ROAD",
        "",
        f'"{town}"',
        "",
        "SE1 7EH",
        opened,
        closed,
    ]
    return ",".join([*cells, *[""] * 15]) + "\r\n"


def successor_line(code: str, successor: str, since: str = "") -> str:
    """A line of succ.csv: five columns."""
    return f"{code},{successor},C,{since},\r\n"


ETR = (
    organisation_line("RJ1", GUYS, "LONDON", "19930401")
    + organisation_line("RPA", MEDWAY, "GILLINGHAM", "19930401")
    + organisation_line("RR8", LEEDS, "LEEDS", "19980401")
)


def resource(code: str, name: str, /, *, ends: dict[str, str] | None = None, role: str = "197", **more: object) -> dict:
    """An Organization as the service's own API gives it: one identifier, one address, one type."""
    periods = [
        {
            "url": f"{STU3}ActivePeriod-1",
            "valuePeriod": {
                "extension": [{"url": f"{STU3}DateType-1", "valueString": kind}],
                "start": "2000-04-01",
                **({"end": end} if end else {}),
            },
        }
        for kind, end in (ends or {"Operational": ""}).items()
    ]
    roles = [
        {
            "url": f"{STU3}OrganizationRole-1",
            "extension": [
                {"url": "role", "valueCoding": {"system": "made-up", "code": number, "display": "A ROLE"}},
                {"url": "primaryRole", "valueBoolean": number == role},
                {"url": "status", "valueString": "Active"},
            ],
        }
        for number in ("57", role)
    ]
    return {
        "resourceType": "Organization",
        "id": code,
        "extension": [*periods, *roles],
        "identifier": {"system": CODES, "value": code},
        "active": not ends,
        "type": {"coding": {"system": "made-up", "code": "1", "display": "HSCOrg"}},
        "name": name,
        "address": {"line": ["A ROAD"], "city": "LONDON", "postalCode": "SE1 7EH", "country": "ENGLAND"},
        **more,
    }


def bundle(*resources: object) -> bytes:
    """A Bundle with some resources."""
    entries = [{"fullUrl": "https://example.org/made-up", "resource": one} for one in resources]
    data = {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
    return json.dumps(data).encode()
