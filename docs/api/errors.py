"""What an error says: which parameter is wrong, and what to write."""

import json
import urllib.error
import urllib.request

try:
    urllib.request.urlopen("https://partnerships.example.nhs.uk/api/v1/partners?limit=1000", timeout=30)
except urllib.error.HTTPError as error:
    problem = json.load(error)
    print(problem["status"], problem["title"])
    for fault in problem["errors"]:
        print(fault["parameter"], "-", fault["detail"])
