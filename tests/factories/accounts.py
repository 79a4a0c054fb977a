"""People."""

import factory
from django.contrib.auth.models import Permission

from tests.factories.base import ModelFactory
from trustportal.accounts.models import User


class UserFactory(ModelFactory):
    """Somebody with a desk and no rights. Log in with `client.force_login`, or give a password."""

    class Meta:
        model = User
        django_get_or_create = ("username",)

    class Params:
        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda n: f"person-{n}")
    first_name = "Ada"
    last_name = factory.Sequence(lambda n: f"Number {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.nhs.uk")

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        """A password where one is given, otherwise none that works."""
        if extracted:
            self.set_password(extracted)
        else:
            self.set_unusable_password()
        self.save()

    @factory.post_generation
    def rights(self, create: bool, extracted: tuple[str, ...] | None, **kwargs: object) -> None:
        """The rights named, for example rights=("publish_programme",)."""
        if extracted:
            self.user_permissions.add(*Permission.objects.filter(codename__in=extracted))


def somebody_who_publishes() -> User:
    """The one person who publishes what the factories make."""
    person, is_new = User.objects.get_or_create(username="publisher", defaults={"is_staff": True})
    if is_new:
        person.user_permissions.set(Permission.objects.filter(codename__regex="^(add|change|view|publish)_"))
    return person
