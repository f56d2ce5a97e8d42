"""How an association comes to be: its rows, its hosts, its schema. Runs as the owner role."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile
from saas.tenancy.errors import ProvisioningError
from saas.tenancy.granting import grant_runtime, protect_public
from saas.tenancy.models import Association, Domain
from saas.tenancy.naming import clean_slug
from saas.tenancy.schema_building import tenant_labels
from saas.tenancy.schema_script import fill_schema
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Office:
    """Where owners go for a password; its manager can change it later."""

    address: str = ""
    hours: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssociation:
    """What create_association needs to know."""

    name: str
    slug: str
    kind: str
    domains: tuple[str, ...] = ()
    nip: str = ""
    due_day: int = 10
    office: Office = Office()


def schema_name_of(slug: str) -> str:
    """The schema made from a slug: `osiedle-sloneczne` → `a_osiedle_sloneczne`."""
    return "a_" + slug.replace("-", "_")


def migrate_public() -> None:
    """Bring the shared tables to the program's state."""
    with enter_public(using=OWNER):
        _migrate()
        protect_public(using=OWNER)


def create_association(new: NewAssociation, *, actor: Actor) -> AssociationRef:
    """Register the association and build its schema, in one transaction: a failure leaves nothing behind.

    Raises ProvisioningError where the slug is malformed or reserved, and where slug, schema or a domain is taken.
    """
    clean_slug(new.slug)
    with enter_public(using=OWNER), transaction.atomic(using=OWNER):
        association = register_association(new)
        create_schema(association.schema_name)
        with enter_association(association, using=OWNER):
            if not fill_schema(using=OWNER):
                _migrate()
            grant_runtime(association.schema_name, using=OWNER)
            AssociationProfile.objects.using(OWNER).create(
                id=1,
                name=new.name,
                kind=new.kind,
                nip=new.nip,
                due_day=new.due_day,
                office_address=new.office.address,
                office_hours=new.office.hours,
                office_phone=new.office.phone,
                office_email=new.office.email,
            )
            record_act(actor=actor, action="association.created", target=new.slug, using=OWNER)
    return association


def register_association(new: NewAssociation, *, own_id: uuid.UUID | None = None) -> AssociationRef:
    """Write down the association and its hosts, without a schema; `own_id` is one that it had before.

    In a transaction at public. Raises ProvisioningError where slug, schema or a domain is taken.
    """
    schema_name = schema_name_of(new.slug)
    hosts = (f"{new.slug}.{settings.APEX_HOST}", *new.domains)
    own = sorted({settings.APEX_HOST, *settings.APEX_ALIASES}.intersection(hosts))
    if own:
        raise ProvisioningError("domain_taken", f"The platform's own host: {', '.join(own)}.")
    if Association.objects.using(OWNER).filter(slug=new.slug).exists():
        raise ProvisioningError("slug_taken", f"The slug {new.slug} is taken.")
    if Association.objects.using(OWNER).filter(schema_name=schema_name).exists():
        raise ProvisioningError("schema_taken", f"The schema {schema_name} is taken.")
    taken = (
        Domain.objects.using(OWNER)
        .filter(domain__in=hosts)
        .values_list("domain", flat=True)
        .order_by("domain")
    )
    if taken:
        raise ProvisioningError("domain_taken", f"Taken already: {', '.join(taken)}.")
    try:
        return _insert(new.slug, schema_name, hosts, own_id or uuid.uuid4())
    except IntegrityError:
        # Another operator's transaction was waited for, and is now there to be seen.
        raise ProvisioningError(
            "taken_meanwhile", f"Somebody else has just created {new.slug} or taken one of its domains."
        ) from None


def _insert(slug: str, schema_name: str, hosts: tuple[str, ...], own_id: uuid.UUID) -> AssociationRef:
    row = Association(id=own_id, slug=slug, schema_name=schema_name)
    row.full_clean(exclude=["schema_name"], validate_unique=False, validate_constraints=False)
    # TenantMixin.save is left out on purpose: it would create and migrate the schema its own way.
    super(Association, row).save_base(using=OWNER, force_insert=True)
    for number, host in enumerate(hosts):
        Domain(domain=host, tenant=row, is_primary=number == 0).save_base(using=OWNER, force_insert=True)
    return AssociationRef(id=row.id, slug=row.slug, schema_name=schema_name)


def create_schema(schema_name: str) -> None:
    """An empty schema; raises ProvisioningError where it is there."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema_name])
        if cursor.fetchone():
            raise ProvisioningError("schema_exists", f"The schema {schema_name} exists already.")
        if settings.CITUS:
            # Citus then places the schema on a node, and every table made in it beside it.
            cursor.execute("SET LOCAL citus.enable_schema_based_sharding TO on")
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name)))


def _migrate() -> None:
    executor = MigrationExecutor(connections[OWNER])
    executor.loader.check_consistent_history(connections[OWNER])
    executor.migrate(executor.loader.graph.leaf_nodes())


def build_tables(association: AssociationRef, applied: Collection[tuple[str, str]]) -> None:
    """Make the tables in the association's empty schema as these migrations, and none after them, leave them."""
    with enter_association(association, using=OWNER):
        executor = MigrationExecutor(connections[OWNER])
        nodes = executor.loader.graph.node_map
        of_associations = {key for key in nodes if key[0] in tenant_labels()}
        if of_associations <= set(applied):
            if fill_schema(using=OWNER):
                return
            executor = MigrationExecutor(connections[OWNER])
        wanted = set(applied) & set(nodes)
        last = [
            key
            for key in sorted(wanted)
            if not any(child.key[0] == key[0] and child.key in wanted for child in nodes[key].children)
        ]
        executor.migrate(last)


def is_older(applied: Collection[tuple[str, str]]) -> bool:
    """Whether this release has migrations of associations' tables beside these."""
    known = MigrationExecutor(connections[OWNER]).loader.graph.nodes
    return not {key for key in known if key[0] in tenant_labels()} <= set(applied)


def complete_tables(association: AssociationRef) -> None:
    """Bring built tables to this release, in the caller's transaction; rights are granted by the caller."""
    with enter_association(association, using=OWNER):
        _migrate()


def drop_schema(schema_name: str) -> None:
    """Drop the schema with all that is in it, within the transaction that also forgets or replaces it."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema_name)))


def replace_schema(schema_name: str, *, by: str) -> None:
    """Drop the schema and give its name to another, in the same transaction."""
    drop_schema(schema_name)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(by), sql.Identifier(schema_name))
        )
