"""Hosts of an association's own: claimed, proved, served, removed.

Proof is what only the holder of the name can arrange: that the host answers for this platform (its DNS leads here, or
its present site shows the proof), or a TXT record, which the operator asks the DNS for.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction

from associations.audit.actors import Actor
from saas.keeping.errors import KeepingError
from saas.keeping.models import DomainClaim
from saas.keeping.proofs import fetch_proof
from saas.staff.platform_audit import record_platform_act
from saas.tenancy.hosts import forget_hosts
from saas.tenancy.models import Domain
from saas.tenancy.switching import AssociationRef, enter_public

PROOF_PATH = "/.well-known/otwarta-kartoteka/"
TXT_LABEL = "_otwarta-kartoteka"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHost:
    """A host and where it stands; token and proof are empty for one that is served."""

    host: str
    is_verified: bool
    is_primary: bool = False
    token: str = ""
    proof: str = ""


def proof_of(token: str, host: str) -> str:
    """What must be found under the token: nobody who only echoes addresses can show it."""
    return hashlib.sha256(f"{token} {host}".encode()).hexdigest()


def list_hosts(association: AssociationRef) -> tuple[OwnHost, ...]:
    """Served hosts, the primary first, then those that wait for their proof."""
    with enter_public():
        served = list(Domain.objects.filter(tenant_id=association.id).order_by("-is_primary", "domain"))
        waiting = list(DomainClaim.objects.filter(association_id=association.id).order_by("host"))
    return (
        *(OwnHost(host=str(row.domain), is_verified=True, is_primary=row.is_primary) for row in served),
        *(_waiting(row) for row in waiting),
    )


def _waiting(row: DomainClaim) -> OwnHost:
    return OwnHost(host=row.host, is_verified=False, token=row.token, proof=proof_of(row.token, row.host))


def claim_host(association: AssociationRef, *, host: str, actor: Actor) -> OwnHost:
    """Note the cleaned host as one that waits for its proof; again for the same association gives the same token.

    Raises KeepingError where it is another association's, claimed or served, or lies below the platform's own host.
    """
    if host.endswith(f".{settings.APEX_HOST}"):
        raise KeepingError(
            "domain_taken", f"{host} lies below the platform's own host: slugs are given there."
        )
    with enter_public():
        try:
            with transaction.atomic():
                if Domain.objects.filter(domain=host).exists():
                    raise KeepingError("domain_taken", f"{host} is served already.")
                claim, is_new = DomainClaim.objects.get_or_create(
                    host=host, defaults={"association_id": association.id, "token": secrets.token_hex(20)}
                )
                if claim.association_id != association.id:
                    raise KeepingError("domain_taken", f"{host} is claimed by another association.")
                if is_new:
                    record_platform_act(
                        actor=actor, action="domain.claimed", target=association.slug, host=host
                    )
        except IntegrityError:
            raise KeepingError("domain_taken", f"{host} was just claimed by another association.") from None
    return _waiting(claim)


def verify_host(
    association: AssociationRef, *, host: str, actor: Actor, txt_records: str | None = None
) -> OwnHost:
    """Look for the proof and serve the host from now on. `txt_records`: what the DNS said of its TXT record.

    Raises KeepingError where there is no claim, or no proof yet: the claim stays.
    """
    with enter_public():
        claim = DomainClaim.objects.filter(host=host, association_id=association.id).first()
    if claim is None:
        raise KeepingError("no_claim", f"{host} is not waiting for a proof: add it first.")
    expected = proof_of(claim.token, host)
    found = fetch_proof(host, PROOF_PATH + claim.token) if txt_records is None else txt_records
    if expected not in found:
        raise KeepingError("no_proof", f"{host} does not show the proof yet: nothing was changed.")
    with enter_public(), transaction.atomic():
        DomainClaim.objects.filter(pk=claim.pk).delete()
        Domain(domain=host, tenant_id=association.id, is_primary=False).save_base(force_insert=True)
        how = "http" if txt_records is None else "txt"
        record_platform_act(
            actor=actor, action="domain.verified", target=association.slug, host=host, how=how
        )
    forget_hosts()
    return OwnHost(host=host, is_verified=True)


def set_primary(association: AssociationRef, *, host: str, actor: Actor) -> None:
    """Name the served host in letters and mails; raises KeepingError where it is not served."""
    with enter_public(), transaction.atomic():
        domains = Domain.objects.filter(tenant_id=association.id)
        if not domains.filter(domain=host).exists():
            raise KeepingError("not_served", f"{host} is not served for {association.slug}.")
        domains.filter(is_primary=True).exclude(domain=host).update(is_primary=False)
        domains.filter(domain=host).update(is_primary=True)
        record_platform_act(actor=actor, action="domain.made_primary", target=association.slug, host=host)


def remove_host(association: AssociationRef, *, host: str, actor: Actor) -> None:
    """Serve it no longer, or forget its claim. Raises KeepingError for the primary one and the platform's own."""
    with enter_public(), transaction.atomic():
        if DomainClaim.objects.filter(host=host, association_id=association.id).delete()[0] == 0:
            row = Domain.objects.filter(domain=host, tenant_id=association.id).first()
            if row is None:
                raise KeepingError("not_served", f"{host} is not a host of {association.slug}.")
            if row.is_primary or host == f"{association.slug}.{settings.APEX_HOST}":
                raise KeepingError(
                    "needed", f"{host} is the primary host or the slug's own: make another one primary first."
                )
            row.delete()
        record_platform_act(actor=actor, action="domain.removed", target=association.slug, host=host)
    forget_hosts()


def find_proof(host: str, token: str) -> str | None:
    """What the platform itself shows under a claimed host; None where nobody claimed it with this token."""
    with enter_public():
        is_claimed = DomainClaim.objects.filter(host=host, token=token).exists()
    return proof_of(token, host) if is_claimed else None
