"""Words that mean the same, kept by editors."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from trustportal.search.words import same


@lru_cache(maxsize=1000)
def members_of(words: str) -> list[tuple[str, ...]]:
    """The members of a group as stems; each is cut into words once, not at each search."""
    found = (tuple(same(text).split()) for text in words.split(","))
    return list(dict.fromkeys(member for member in found if member))


class Synonym(models.Model):
    """A group of words that mean the same to readers: whoever looks for one of them finds the others too."""

    words = models.CharField(
        _("words"),
        max_length=300,
        unique=True,
        help_text=_("With commas between them, for example: kidney, renal. Or: GP, general practice."),
    )

    class Meta:
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    @property
    def members(self) -> list[tuple[str, ...]]:
        """The words and phrases of the group, as stems: [("gp",), ("general", "practic")]."""
        return members_of(self.words)

    @classmethod
    def groups(cls) -> list[list[tuple[str, ...]]]:
        """The members of all groups. One query, at each search, so without the ORM."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT words FROM {cls._meta.db_table} ORDER BY words")  # noqa: S608
            return [members_of(words) for (words,) in cursor.fetchall()]

    def clean(self) -> None:
        """A group has two members or more, and there is no other of the same."""
        if len(self.members) < 2:
            raise ValidationError({"words": _("Write two words or more, with commas between them.")})
        for other in type(self).objects.exclude(pk=self.pk):
            if set(other.members) == set(self.members):
                raise ValidationError(
                    {"words": _("There is a group of these words already: “%(words)s”.") % {"words": other.words}}
                )
