"""Another name for an association, or another slug: the word in its address and in every command."""

from django.conf import settings
from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile
from saas.keeping.errors import KeepingError
from saas.keeping.holding import working_on
from saas.keeping.models import DomainClaim
from saas.staff.platform_audit import record_platform_act
from saas.tenancy.hosts import forget_hosts
from saas.tenancy.models import Association, Domain
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

OWNER = "owner"


def change_name(association: AssociationRef, *, name: str, actor: Actor) -> None:
    """What owners read; the name was cleaned (saas.tenancy.naming)."""
    with transaction.atomic(), enter_association(association):
        AssociationProfile.objects.filter(id=1).update(name=name)
        record_act(actor=actor, action="association.renamed")


def change_slug(association: AssociationRef, *, slug: str, keeps_host: bool, actor: Actor) -> AssociationRef:
    """Give it another slug and the host that goes with it; the former host goes on serving where `keeps_host`.

    Schema and files keep their names. Other processes know within HOST_CACHE_SECONDS. Raises KeepingError where the
    slug or its host is taken.
    """
    host, former = (f"{word}.{settings.APEX_HOST}" for word in (slug, association.slug))
    with working_on(association.id), enter_public(using=OWNER), transaction.atomic(using=OWNER):
        _check_free(association, slug, host)
        Association.objects.using(OWNER).filter(pk=association.id).update(slug=slug)
        domains = Domain.objects.using(OWNER).filter(tenant_id=association.id)
        was_primary = domains.filter(domain=former, is_primary=True).update(is_primary=False) > 0
        if not domains.filter(domain=host).exists():
            row = Domain(domain=host, tenant_id=association.id, is_primary=was_primary)
            row.save_base(using=OWNER, force_insert=True)
        elif was_primary:
            domains.filter(domain=host).update(is_primary=True)
        if not keeps_host:
            domains.filter(domain=former).delete()
        record_platform_act(
            actor=actor, action="association.slug_changed", target=slug, using=OWNER, former=association.slug
        )
    forget_hosts()
    return AssociationRef(id=association.id, slug=slug, schema_name=association.schema_name)


def _check_free(association: AssociationRef, slug: str, host: str) -> None:
    if Association.objects.using(OWNER).filter(slug=slug).exists():
        raise KeepingError("slug_taken", f"The slug {slug} is taken.")
    foreign = Domain.objects.using(OWNER).filter(domain=host).exclude(tenant_id=association.id)
    claims = DomainClaim.objects.using(OWNER).filter(host=host).exclude(association_id=association.id)
    if foreign.exists() or claims.exists() or host in {settings.APEX_HOST, *settings.APEX_ALIASES}:
        raise KeepingError("domain_taken", f"The host {host} is taken.")
