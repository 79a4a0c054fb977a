"""The client that checks each page finds the faults that it is there to find."""

import pytest
from django.template import Context, Template

from tests.strict_client import faults_of

pytestmark = pytest.mark.either_database

RIGHT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Programmes</title><script src="/static/a.js"></script></head>
<body><h1 id="top">Programmes</h1><a href="#top">Up</a><img src="/logo.png" alt="">
<form><label for="q">Search</label><input id="q" name="q"><label>Kind <select name="kind"></select></label>
<input type="hidden" name="page"><textarea aria-label="Comment"></textarea><button>Go</button></form>
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"name": "Portal"}]}</script>
</body></html>"""


def test_a_page_without_faults_has_none():
    assert faults_of(RIGHT) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("<h1 ", "<h1>Another</h1><h1 ", "2 h1 headings"),
        ('<h1 id="top">Programmes</h1>', '<p id="top">Programmes</p>', "0 h1 headings"),
        ("<title>Programmes</title>", "<title> </title>", "no title"),
        (' lang="en"', "", "no lang"),
        ("<form>", '<form id="q">', "id 'q' stands 2 times"),
        ('<label for="q">Search</label>', "Search", "input 'q' has no label"),
        ('<label for="q">Search</label>', '<label for="q"> </label>', "input 'q' has no label"),
        ('aria-label="Comment"', "", "textarea None has no label"),
        (' alt=""', "", "img '/logo.png' has no alt"),
        ("<form>", '<form onsubmit="go()">', "form has the attribute onsubmit"),
        ("<form>", '<form style="color:red">', "form has the attribute style"),
        ('<script src="/static/a.js">', "<script>go()", "inline script"),
        ('"application/ld+json"', '"application/json"', "inline script"),
        ('"application/ld+json"', '"text/javascript"', "inline script"),
        ('"application/ld+json"', '"module"', "inline script"),
        (' type="application/ld+json"', "", "inline script"),
        ('{"@context"', '"@context"', "a data block that cannot be read"),
        ("https://schema.org", "https://schema.example", "a data block that says nothing in schema.org's words"),
        ('{"name": "Portal"}', "", "a data block that says nothing in schema.org's words"),
        ('"Portal"', '"A & B"', "a data block that HTML or JavaScript could misread"),
        ('"Portal"', '"<!-- <b>"', "a data block that HTML or JavaScript could misread"),
        ("<title>", "<style>a{}</style><title>", "inline style"),
        ("Up", "{{ name }}", "unrendered '{{'"),
        ("Up", "{% name %}", "unrendered '{%'"),
        ('href="#top"', 'href="#"', "the link 'Up' leads nowhere"),
        ('href="#top"', "", "the link 'Up' leads nowhere"),
        ('href="#top"', 'href="#bottom"', "leads to #bottom, which is not on the page"),
        ("<form>", "<form><p><div></div></p>", "in line 4"),
        ("<!doctype html>", "", "in line"),
    ],
)
def test_each_fault_is_found(right, wrong, fault):
    assert right in RIGHT

    found = faults_of(RIGHT.replace(right, wrong, 1))

    assert any(fault in words for words in found), found


def rendered(name: str, folder, source: str, **values: object) -> str:
    """A template of that name in our folder, rendered."""
    template = Template(source)
    for node in template.nodelist:
        node.origin.name = str(folder / name)
    return template.render(Context(values))


@pytest.fixture
def folder(settings):
    return settings.BASE_DIR / "templates"


def test_an_undefined_variable_fails_the_test_in_a_template_of_ours(folder):
    with pytest.raises(pytest.fail.Exception, match=r"programmes/x\.html names nobody, which is not defined"):
        rendered("programmes/x.html", folder, "{{ nobody|default:'-' }}")


def test_asking_whether_a_variable_is_there_is_no_fault(folder):
    assert rendered("programmes/x.html", folder, "{% if nobody %}a{% else %}b{% endif %}") == "b"


def test_templates_of_django_and_those_of_the_admin_may_name_what_is_not_there(folder):
    for name in ["admin/x.html", "/elsewhere/x.html"]:
        assert rendered(name, folder, "{{ nobody|default:'-' }}") == "-"
