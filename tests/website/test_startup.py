"""Production refuses to start where it would not be safe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from partnerships.models import Organisation
from tests.factories import OrganisationFactory
from trustportal.accounts.models import User
from trustportal.website.management.commands import demo
from trustportal.website.startup import DEMO_ACCOUNTS, refuse_unsafe_start


@pytest.fixture
def production(settings: object) -> None:
    settings.IS_PRODUCTION = True


@pytest.mark.django_db
@pytest.mark.parametrize("name", DEMO_ACCOUNTS)
def test_production_refuses_an_account_with_its_demo_password(production: None, name: str) -> None:
    person = User.objects.create_user(name, password=DEMO_ACCOUNTS[name])
    with pytest.raises(ImproperlyConfigured, match=name):
        refuse_unsafe_start()
    person.set_password("another-password-1")
    person.save()
    refuse_unsafe_start()


@pytest.mark.django_db
def test_the_demonstration_may_start_with_its_accounts() -> None:
    User.objects.create_user("admin", password=DEMO_ACCOUNTS["admin"])
    refuse_unsafe_start()


@pytest.mark.either_database
def test_production_without_tables_says_what_to_run(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "portal.example",
        "SITE_URL": "https://portal.example",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "STATIC_ROOT": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-c", "import trustportal.wsgi"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert run.stderr.strip().count("\n") == 0
    assert "manage.py migrate" in run.stderr


@pytest.mark.django_db
def test_the_demo_command_refuses_outside_the_demonstration(settings: object) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo", "--prepare-only")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_command_loses_nothing_that_was_edited(
    settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setattr(demo, "call_command", lambda name, *args, **kwargs: loaded.append(name))
    loaded: list[str] = []
    OrganisationFactory(name="Edited by hand")
    call_command("demo", "--prepare-only")
    call_command("demo", "--prepare-only")
    assert "loaddata" not in loaded
    assert Organisation.objects.get().name == "Edited by hand"
    assert set(User.objects.values_list("username", flat=True)) == set(DEMO_ACCOUNTS)


@pytest.mark.django_db
def test_a_demo_account_has_the_rights_of_its_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "call_command", lambda *args, **kwargs: None)
    call_command("demo", "--prepare-only")
    author, publisher = User.objects.get(username="author"), User.objects.get(username="publisher")
    assert author.has_perm("programmes.change_programme")
    assert not author.has_perm("programmes.publish_programme")
    assert publisher.has_perm("programmes.publish_programme")
    assert not publisher.has_perm("accounts.change_user")


@pytest.mark.parametrize("port", ["http", "80", "70000", ""])
def test_a_port_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match="PORT"):
        demo.Command().port()
