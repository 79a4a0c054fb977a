"""Those who judge what pages say in schema.org's words refuse what is wrong."""

from pathlib import Path

import pytest

from tests.opendata.linked import faults_of

pytestmark = pytest.mark.either_database

RIGHT = {
    "@type": "Project",
    "@id": "https://portal.example/programmes/x/#programme",
    "name": "A programme",
    "member": [
        {
            "@type": "OrganizationRole",
            "roleName": "Lead",
            "startDate": "2017-05",
            "member": {"@type": "NGO", "name": "A"},
        }
    ],
}
BOTH = {"@type": ["GovernmentOrganization", "MedicalOrganization"], "name": "A trust", "isAcceptingNewPatients": True}


def test_wrong_words_kinds_and_values_are_refused(tmp_path: Path):
    [role] = RIGHT["member"]
    wrong = [
        RIGHT | {"foundingDay": "2017"},
        RIGHT | {"member": [role | {"rolename": "Lead"}]},
        RIGHT | {"member": [{"@type": "OrganisationRole", "roleName": "Lead"}]},
        RIGHT | {"member": [role | {"member": {"@type": "Dataset", "name": "A"}}]},
        RIGHT | {"foundingDate": 2017},
        RIGHT | {"@type": "Programme"},
        BOTH | {"isAcceptingNewPatient": True},
        {"@type": "SearchAction", "query-inputs": "required name=words"},
        {
            "@type": "Dataset",
            "name": "Figures",
            "variableMeasured": {"@type": "StatisticalVariable", "unit": "patients"},
        },
    ]

    faults = faults_of([RIGHT, BOTH, *wrong], tmp_path)

    lines = {int(fault.partition("(")[2].partition(",")[0]) for fault in faults}
    assert lines == set(range(4, 4 + len(wrong))), faults
