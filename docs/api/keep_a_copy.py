"""Keep a copy of all programmes up to date. Run it as often as you like: it asks only for what editors changed.

Names of others and counts change without that, so the first time in each week it reads the whole list anew.
"""

import datetime
import json
import urllib.parse
import urllib.request
from pathlib import Path

LIST = "https://partnerships.example.nhs.uk/api/v1/programmes"
FILE = Path("programmes.json")
WEEK = datetime.date.today().strftime("%G-W%V")

copy = json.loads(FILE.read_text()) if FILE.exists() else {}
if copy.get("week") != WEEK:
    copy = {"week": WEEK, "since": "2000-01-01T00:00:00Z", "records": {}}
address = f"{LIST}?{urllib.parse.urlencode({'modified_since': copy['since'], 'limit': 100})}"
while address:
    with urllib.request.urlopen(address, timeout=30) as answer:
        page = json.load(answer)
    for record in page["records"]:
        if "withdrawn" in record:  # a tombstone
            copy["records"].pop(record["id"], None)
        else:
            copy["records"][record["id"]] = record
        copy["since"] = record["modified"]
    address = page["next"]
FILE.write_text(json.dumps(copy))
print(len(copy["records"]), "programmes, as of", copy["since"])
