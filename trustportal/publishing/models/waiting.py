"""The words with which the editors' home and the reminders ask what waits for whom."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.contrib.auth import get_permission_codename, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat

from trustportal.publishing.models.dated import DatedQuerySet
from trustportal.publishing.models.history import BEGINNINGS, WRITING, Act

if TYPE_CHECKING:
    from trustportal.accounts.models import User


class WaitingQuerySet(DatedQuerySet):
    """Records and working copies, by who has to do with them."""

    def _acts(self, verbs: Iterable[str], *, unless_followed_by: Iterable[str] = ()) -> models.QuerySet:
        """The acts on each row, for a subquery; those on a working copy are noted on the record itself.

        With unless_followed_by, those alone after which none of those acts came on the same record.
        """
        acts = Act.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            object_id=Coalesce(OuterRef("draft_of"), OuterRef("pk"), output_field=models.BigIntegerField()),
            verb__in=verbs,
        )
        if not unless_followed_by:
            return acts
        later = Act.objects.filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            verb__in=unless_followed_by,
            pk__gt=OuterRef("pk"),
        )
        return acts.filter(~Exists(later))

    def changes(self) -> Self:
        """The working copies."""
        return self.filter(draft_of__isnull=False)

    def of_hand(self, person: "User") -> Self:
        """Those that a person owns, and those in whose present text they had a hand."""
        own = self._acts({*WRITING, *BEGINNINGS}, unless_followed_by=BEGINNINGS).filter(done_by=person)
        return self.filter(Q(owner=person) | Exists(own))

    def not_written_by(self, person: "User") -> Self:
        """Those in whose present text a person did not write."""
        return self.exclude(Exists(self._acts(WRITING, unless_followed_by=BEGINNINGS).filter(done_by=person)))

    def returned(self) -> Self:
        """Those that a publisher gave back, and nobody has submitted again."""
        return self.filter(Exists(self._returns()))

    def not_returned(self) -> Self:
        """The others."""
        return self.exclude(Exists(self._returns()))

    def _returns(self) -> models.QuerySet:
        return self._acts([Act.Verb.RETURNED], unless_followed_by=[Act.Verb.SUBMITTED, *BEGINNINGS])

    def with_latest_act(self, verbs: Iterable[str]) -> Self:
        """Adds `latest_act`: the key of the latest of some acts on each, or None."""
        return self.annotate(latest_act=Subquery(self._acts(verbs).order_by("-pk").values("pk")[:1]))

    def _able_owner(self) -> Exists:
        """Whether somebody owns a row who works here, may change such rows, and this one too."""
        options = self.model._meta
        right = f"{options.app_label}.{get_permission_codename('change', options)}"
        reach = Q(is_superuser=True) | Q(remits__isnull=True)
        reach |= Q(remits__organisation=OuterRef(self.model.answered_for_by))
        able = get_user_model().objects.with_perm(right).filter(reach, pk=OuterRef("owner"), is_staff=True)
        return Exists(able)

    def with_owner(self) -> Self:
        """Those that somebody owns who works here and may change them."""
        return self.filter(self._able_owner())

    def without_owner(self) -> Self:
        """The others."""
        return self.exclude(self._able_owner())

    def falling_to(self, person: "User", *, as_publisher: bool) -> Self:
        """Those that a person owns, and may change; as a publisher, those within their remit too that nobody else does.

        Adds `is_own`, which tells them apart.
        """
        own = Q(owner=person) & Q(self._able_owner())
        those = self.filter(own)
        if as_publisher:
            rest = self.within_remit_of(person).without_owner()
            those = self.filter(own | Q(pk__in=rest.order_by().values("pk")))
        is_own = Case(When(own, then=Value(True)), default=Value(False), output_field=models.BooleanField())
        return those.annotate(is_own=is_own)

    def owned_or_answered_for(self, person: "User", *, as_publisher: bool) -> Self:
        """Those that a person owns; as a publisher, all within their remit."""
        within = self.within_remit_of(person)
        return within if as_publisher else within.filter(owner=person)

    def with_lacking(self) -> Self:
        """Adds `lacking`: the names of the wanted facts that are not known, each with a space behind it."""
        names = [
            Case(When(self._lacks(name), then=Value(f"{name} ")), default=Value(""), output_field=models.CharField())
            for name in self.model.wanted
        ]
        return self.annotate(lacking=Concat(Value(""), Value(""), *names, output_field=models.CharField()))

    def lacking_facts(self) -> Self:
        """Those of which the page must say that something is not known."""
        return self.with_lacking().exclude(lacking="")

    def _lacks(self, name: str) -> Q:
        """Whether a wanted fact is not there: no value, or no row of it."""
        field = self.model._meta.get_field(name)
        if field.many_to_many:
            rows = field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})
            return Q(~Exists(rows))
        if field.one_to_many:
            rows = field.related_model._default_manager.told().filter(**{field.field.name: OuterRef("pk")})
            return Q(~Exists(rows))
        empty = Q(**{f"{name}__isnull": True})
        if not field.is_relation and not field.null and field.empty_strings_allowed:
            empty |= Q(**{name: ""})
        return empty
