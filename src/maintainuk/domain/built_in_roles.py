"""The roles each organisation begins with, and how far each of their permissions reaches (specification §7).

Their grants are rows of the organisation and may be changed there; this is what they begin as. Where the specification
qualifies a cell ("up to the limit", "not hazard", "second person"), the verb itself asks; a cell says only how far.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from maintainuk.domain.permissions import Grants, Permission, Scope
from maintainuk.domain.sign_in import Client


class BuiltInRole(StrEnum):
    """Who works with repairs, or lives with them."""

    ORG_ADMIN = "OrgAdmin"
    MANAGER = "Manager"
    COORDINATOR = "Coordinator"
    FINANCE = "Finance"
    LANDLORD = "Landlord"
    CONTRACTOR_ADMIN = "ContractorAdmin"
    OPERATIVE = "Operative"
    TENANT = "Tenant"
    AUDITOR = "Auditor"


CLIENT_OF: Final[Mapping[BuiltInRole, Client]] = MappingProxyType(
    dict.fromkeys(BuiltInRole, Client.STAFF)
    | {
        BuiltInRole.CONTRACTOR_ADMIN: Client.CONTRACTOR,
        BuiltInRole.OPERATIVE: Client.CONTRACTOR,
        BuiltInRole.TENANT: Client.TENANT,
    }
)
"""Which browser client each role signs in to."""

_MATRIX = """
                                   OrgAdmin Manager Coordinator Finance Landlord  ContractorAdmin Operative Tenant Auditor
tickets:read                       org      org     team        org     portfolio assigned        assigned  own    org
tickets:create                     org      org     team        -       portfolio assigned        assigned  own    -
tickets:update                     org      org     team        -       -         -               -         -      -
tickets:assign                     org      org     team        -       -         -               -         -      -
tickets:triage                     org      org     team        -       -         -               -         -      -
tickets:merge                      org      org     team        -       -         -               -         -      -
tickets:reject                     org      org     team        -       -         -               -         -      -
tickets:cancel                     org      org     team        -       -         -               -         own    -
tickets:reopen                     org      org     team        -       -         -               -         own    -
tickets:confirm                    org      org     team        -       -         -               -         own    -
hazards:read                       org      org     team        -       portfolio assigned        assigned  own    org
hazards:assess                     org      org     team        -       -         assigned        assigned  -      -
hazards:investigate                org      org     team        -       -         assigned        assigned  -      -
hazards:downgrade                  -        org     -           -       -         -               -         -      -
hazards:close                      -        org     -           -       -         -               -         -      -
work_orders:read                   org      org     team        org     portfolio own             assigned  own    org
work_orders:create                 org      org     team        -       -         -               -         -      -
work_orders:issue                  org      org     team        -       -         -               -         -      -
work_orders:authorise              org      org     team        -       portfolio -               -         -      -
work_orders:respond                -        -       team        -       -         own             assigned  -      -
work_orders:schedule               -        -       team        -       -         own             assigned  own    -
work_orders:progress               -        -       team        -       -         own             assigned  -      -
work_orders:complete               -        -       team        -       -         own             assigned  -      -
work_orders:verify                 org      org     team        -       -         -               -         own    -
variations:approve                 org      org     team        -       portfolio -               -         -      -
quotes:read                        org      org     team        org     portfolio own             -         -      org
quotes:request                     org      org     team        -       -         -               -         -      -
quotes:submit                      -        -       -           -       -         own             -         -      -
quotes:approve                     -        org     team        -       portfolio -               -         -      -
quotes:award                       org      org     team        -       -         -               -         -      -
invoices:read                      org      org     team        org     portfolio own             -         -      org
invoices:submit                    org      org     -           org     -         own             -         -      -
invoices:approve                   -        org     -           org     -         -               -         -      -
invoices:export                    -        -       -           org     -         -               -         -      -
invoices:pay                       -        -       -           org     -         -               -         -      -
compliance:read                    org      org     org         org     portfolio own             own       own    org
compliance:write                   org      org     org         -       -         own             own       -      -
compliance:accept                  org      org     -           -       -         -               -         -      -
compliance:exempt                  org      org     -           -       -         -               -         -      -
properties:read                    org      org     org         org     portfolio assigned        assigned  own    org
properties:write                   org      org     org         -       -         -               -         -      -
tenancies:read                     org      org     org         org     portfolio assigned        assigned  own    org
tenancies:write                    org      org     org         -       -         -               -         -      -
people:read                        org      org     org         org     portfolio assigned        assigned  own    org
people:write                       org      org     org         -       -         -               -         own    -
people:sensitive                   org      org     org         -       -         -               -         own    org
messages:read                      org      org     team        org     own       own             own       own    org
messages:send                      org      org     team        org     own       own             own       own    -
internal_notes:read                org      org     team        org     -         -               -         -      org
contractors:read                   org      org     org         org     -         own             own       -      org
contractors:manage                 org      org     org         -       -         own             -         -      -
contractors:approve_accreditation  org      org     -           -       -         -               -         -      -
ai:use                             org      org     team        -       -         -               -         -      -
ai:configure                       org      -       -           -       -         -               -         -      -
ai:audit                           org      org     -           -       -         -               -         -      org
reports:read                       org      org     team        org     portfolio own             -         -      org
reports:export                     org      org     team        org     portfolio own             -         -      org
settings:write                     org      -       -           -       -         -               -         -      -
users:manage                       org      -       -           -       -         own             -         -      -
roles:manage                       org      -       -           -       -         -               -         -      -
rules:manage                       org      org     -           -       -         -               -         -      -
sla:manage                         org      org     -           -       -         -               -         -      -
api_keys:manage                    org      -       -           -       -         -               -         -      -
billing:manage                     org      -       -           -       -         -               -         -      -
webhooks:manage                    org      -       -           -       -         -               -         -      -
privacy:read                       org      org     -           -       -         -               -         -      org
privacy:request                    -        -       -           -       own       own             own       own    -
privacy:dsar                       org      org     -           -       -         -               -         -      -
privacy:erase                      org      -       -           -       -         -               -         -      -
retention:manage                   org      -       -           -       -         -               -         -      -
audit:read                         org      org     -           -       -         -               -         -      org
ops:replay                         org      -       -           -       -         -               -         -      -
"""  # noqa: E501  (a table is read across)
_NO = "-"


def _read(matrix: str) -> Mapping[BuiltInRole, Grants]:
    head, *lines = (line.split() for line in matrix.strip().splitlines())
    cells = {Permission(name): dict(zip(head, scopes, strict=True)) for name, *scopes in lines}
    if missing := set(Permission) - set(cells):
        raise LookupError(missing)
    return MappingProxyType(
        {
            BuiltInRole(role): MappingProxyType(
                {permission: Scope(scopes[role]) for permission, scopes in cells.items() if scopes[role] != _NO}
            )
            for role in head
        }
    )


BUILT_IN_GRANTS: Final = _read(_MATRIX)
