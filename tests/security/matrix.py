"""What each operation asks for, and whom it answers: the words of the matrix in test_idor.py.

A new operation needs a good body in `BODIES` (unless it only reads) and a permission in `NEEDS`; `ONLY_FOR` when not
every desk may do it. Its own feature may keep them in a file like portfolio_matrix.py.
"""

from typing import Any

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.permissions import Permission
from maintainuk.domain.ticket_lifecycle import TicketStatus
from tests.security import branding_matrix as branding
from tests.security import exports_matrix as exports
from tests.security import imports_matrix as imports
from tests.security import portfolio_matrix as portfolio
from tests.security import support_matrix as support
from tests.world import PASSWORD

CLASSIFICATION = {
    "category": "damp_mould",
    "trade": "damp_specialist",
    "priority": "P2",
    "hazardClass": "potential_significant",
    "responsibility": "landlord",
}
BODIES: dict[str, Any] = {
    "reportTicket": {"title": "No hot water", "description": "Since this morning.", "propertyId": "{property_id}"},
    "changePriority": {"priority": "P1"},
    "changeOwner": {"ownerId": None},
    "commentOnTicket": {"body": "Rang the tenant."},
    "beginTriage": {},
    "classifyTicket": CLASSIFICATION,
    "classifySelection": CLASSIFICATION | {"tickets": [{"id": "{ticket_id}", "version": 1}]},
    "askTenant": {"text": "Which radiator is it?"},
    "receiveInformation": {},
    "approveTicket": {},
    "rejectTicket": {"reason": "tenant_duty", "text": "Bulbs are yours to change."},
    "cancelTicket": {"reason": "It works again."},
    "planNextStep": {"text": "Ring the plumber", "on": "2099-12-24"},
    "linkHome": {"propertyId": "{property_id}"},
    "acknowledgeDanger": {},
    "releaseDanger": {},
    "acceptSelection": {"tickets": [{"id": "{ticket_id}", "version": 1}]},
    "askAdvisor": {"ticketId": "{ticket_id}"},
    "askAboutSelection": {"ticketIds": ["{ticket_id}"]},
    "decideAboutSuggestion": {"decision": "dismissed"},
    "changeSettings": {"emergencyEmail": "oncall@example.com", "emergencyPhone": None, "isAiOn": True},
    "addPhoto": {},
    "uploadImport": b"Description,Address\nTap drips,1 Elm Row\n",
    "checkImport": {"columns": {"description": ["Description"], "address": ["Address"]}},
    "startImport": {"skipBad": False},
    "replacePoster": {},
    "changeProfile": {"name": "Fairweather", "phone": "01632 960 001", "nation": "ENG"},
    "changeNotices": {"privacyNotice": "We keep little.", "accessibilityStatement": None},
    "makeApiKey": {"name": "Rota", "permissions": ["tickets:read"], "days": 90},
    "revokeApiKey": {},
    "changeSignInPolicy": {"isSecondFactorRequired": False, "issuer": None, "clientId": None},
    "changePassword": {"currentPassword": PASSWORD, "newPassword": "seven otters under the pier"},
    "beginAuthenticator": {"password": PASSWORD},
    "confirmAuthenticator": {"code": "123456"},
    "offerPasskey": {"password": PASSWORD},
    "addPasskey": {"ticket": "made up", "name": "Work laptop", "credential": {}},
    "removeFactor": {"password": PASSWORD},
    "renewRecoveryCodes": {"password": PASSWORD},
    "endSession": {},
    "endOtherSessions": {},
    "changeRoleOfUser": {"roleId": "{role_id}"},
    "disableUser": {},
    "enableUser": {},
    "endSessionsOfUser": {},
    "endSessionOfUser": {},
    "createRole": {"name": "Night desk", "like": "{role_id}", "grants": []},
    "changeRole": {"name": "Late desk", "grants": [{"permission": "tickets:read", "scope": "org"}]},
    "deleteRole": {},
    "createTeam": {"name": "West", "leadId": None, "memberIds": []},
    "changeTeam": {"name": "West", "leadId": None, "memberIds": []},
    "deleteTeam": {},
    "handOverProperties": {"teamId": "{team_id}", "propertyIds": ["{property_id}"]},
    "nameHeadOfService": {"userId": None},
    "invite": {"email": "zainab.malik@example.com", "roleId": "{role_id}"},
    "sendInvitationAgain": {},
    "withdrawInvitation": {},
    "reportDanger": {"danger": "gas_smell"},
    "leaveContact": {"phone": "07700 900123"},
    "sendReport": {"submissionKey": "0b4f2f34-3a39-4c4e-9ad0-2c8f5b1c7e55", "description": "No hot water."},
    "addWords": {"text": "It is the small bedroom."},
    "cancelReport": {"reason": "It works again."},
    "sendPhoto": {},
}
EACH_NEEDS = {"If-Match": '"v1"', "X-Upload-Key": "0b4f2f34-3a39-4c4e-9ad0-2c8f5b1c7e55"}
"""Headers that an operation asks for, and the others overlook."""
STANDS_AT = {
    "askTenant": TicketStatus.TRIAGE,
    "receiveInformation": TicketStatus.AWAITING_INFO,
    "approveTicket": TicketStatus.TRIAGE,
    "rejectTicket": TicketStatus.TRIAGE,
}
"""Where a ticket must stand for the operation to be possible, when that is not at its beginning."""
WRONG_LINK = {"Authorization": "Link 7KQ2M-4XPDA"}
OPENED_BY = {
    "reportHome": {LinkPurpose.HOME, LinkPurpose.VISIT},
    "sendReport": {LinkPurpose.HOME, LinkPurpose.VISIT},
    "ownReports": {LinkPurpose.VISIT},
    "reportStatus": {LinkPurpose.STATUS},
    "addWords": {LinkPurpose.STATUS},
    "leaveContact": {LinkPurpose.STATUS},
    "reportDanger": {LinkPurpose.STATUS},
    "cancelReport": {LinkPurpose.STATUS},
    "sendPhoto": {LinkPurpose.STATUS},
    "ownPhotos": {LinkPurpose.STATUS},
}
OF_ONESELF = {
    "changePassword",
    "beginAuthenticator",
    "confirmAuthenticator",
    "offerPasskey",
    "addPasskey",
    "removeFactor",
    "renewRecoveryCodes",
    "readSecurity",
    "readSignIns",
    "endSession",
    "endOtherSessions",
}
"""One's own way in, whatever one's role; tests/features/test_second_factors.py and its neighbours say what they do."""
SIGNED_IN_IS_ENOUGH = {"me", "readOrganisation", "readOpenSupport"} | OF_ONESELF
OF_THE_DESK = {"listUsers", "uploadImport", "checkImport", "startImport", "readImport", "poster", "replacePoster"}
"""What a team does for the whole organisation."""
OF_SELECTIONS = {"classifySelection", "acceptSelection", "askAboutSelection"}
"""They answer for each ticket that was named; one out of reach was never there."""
ON_THE_PHONE = (BuiltInRole.LANDLORD, BuiltInRole.CONTRACTOR_ADMIN, BuiltInRole.OPERATIVE, BuiltInRole.TENANT)
"""Roles of those who see a part: their own, their orders', their landlord's."""
NEVER_ENDS = {"followChanges"}
"""Once it is allowed, its answer stays open; tests/features/test_live.py reads it."""
NEEDS = {
    "listTickets": Permission.TICKETS_READ,
    "countTickets": Permission.TICKETS_READ,
    "readTicket": Permission.TICKETS_READ,
    "readTimeline": Permission.TICKETS_READ,
    "followChanges": Permission.TICKETS_READ,
    "listUsers": Permission.TICKETS_READ,
    "listHomes": Permission.PROPERTIES_READ,
    "searchAnywhere": Permission.TICKETS_READ,
    "reportTicket": Permission.TICKETS_CREATE,
    "changePriority": Permission.TICKETS_UPDATE,
    "commentOnTicket": Permission.TICKETS_UPDATE,
    "changeOwner": Permission.TICKETS_ASSIGN,
    "listDangerAlerts": Permission.TICKETS_READ,
    "beginTriage": Permission.TICKETS_TRIAGE,
    "classifyTicket": Permission.TICKETS_TRIAGE,
    "classifySelection": Permission.TICKETS_TRIAGE,
    "askTenant": Permission.TICKETS_TRIAGE,
    "receiveInformation": Permission.TICKETS_TRIAGE,
    "approveTicket": Permission.TICKETS_TRIAGE,
    "rejectTicket": Permission.TICKETS_REJECT,
    "cancelTicket": Permission.TICKETS_CANCEL,
    "planNextStep": Permission.TICKETS_UPDATE,
    "linkHome": Permission.TICKETS_UPDATE,
    "acknowledgeDanger": Permission.TICKETS_UPDATE,
    "releaseDanger": Permission.TICKETS_UPDATE,
    "acceptSelection": Permission.AI_USE,
    "askAdvisor": Permission.AI_USE,
    "askAboutSelection": Permission.AI_USE,
    "decideAboutSuggestion": Permission.AI_USE,
    "readProgress": Permission.TICKETS_READ,
    "changeSettings": Permission.SETTINGS_WRITE,
    "readSignInPolicy": Permission.SETTINGS_WRITE,
    "changeSignInPolicy": Permission.SETTINGS_WRITE,
    "readAiJob": Permission.TICKETS_READ,
    "readLatestAiJob": Permission.TICKETS_READ,
    "listPhotos": Permission.TICKETS_READ,
    "addPhoto": Permission.TICKETS_UPDATE,
    "uploadImport": Permission.TICKETS_CREATE,
    "checkImport": Permission.TICKETS_CREATE,
    "startImport": Permission.TICKETS_CREATE,
    "readImport": Permission.TICKETS_CREATE,
    "readImportFile": Permission.TICKETS_CREATE,
    "suggestHomes": Permission.PROPERTIES_READ,
    "poster": Permission.PROPERTIES_READ,
    "replacePoster": Permission.TICKETS_TRIAGE,
    "changeProfile": Permission.SETTINGS_WRITE,
    "readNotices": Permission.SETTINGS_WRITE,
    "changeNotices": Permission.SETTINGS_WRITE,
    "readSettingsHistory": Permission.SETTINGS_WRITE,
    "listApiKeys": Permission.API_KEYS_MANAGE,
    "makeApiKey": Permission.API_KEYS_MANAGE,
    "revokeApiKey": Permission.API_KEYS_MANAGE,
    "listAuditEntries": Permission.AUDIT_READ,
    "exportAudit": Permission.AUDIT_READ,
    "readAuditEntry": Permission.AUDIT_READ,
}
MAY_CHANGE = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.COORDINATOR}
"""The others only read (product specification §7)."""
MAY_AUDIT = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.AUDITOR}
OF_ADMINISTRATORS = {
    *("listAccounts", "readAccount", "changeRoleOfUser", "disableUser", "enableUser"),
    *("listSessionsOfUser", "endSessionsOfUser", "endSessionOfUser"),
    *("listRoles", "readRole", "createRole", "changeRole", "deleteRole"),
    *("listTeams", "createTeam", "changeTeam", "deleteTeam", "listAreas", "handOverProperties", "nameHeadOfService"),
    *("listInvitations", "listSubjects", "invite", "sendInvitationAgain", "withdrawInvitation"),
}
NEEDS |= {
    name: Permission.ROLES_MANAGE if name in {"createRole", "changeRole", "deleteRole"} else Permission.USERS_MANAGE
    for name in OF_ADMINISTRATORS
}
ONLY_FOR = {key: {BuiltInRole.ORG_ADMIN} for key in OF_ADMINISTRATORS} | {
    "readSignInPolicy": {BuiltInRole.ORG_ADMIN},
    "changeSignInPolicy": {BuiltInRole.ORG_ADMIN},
    "changeSettings": {BuiltInRole.ORG_ADMIN},
    "readImport": MAY_CHANGE,
    "readImportFile": MAY_CHANGE,
    "changeProfile": {BuiltInRole.ORG_ADMIN},
    "readNotices": {BuiltInRole.ORG_ADMIN},
    "changeNotices": {BuiltInRole.ORG_ADMIN},
    "readSettingsHistory": {BuiltInRole.ORG_ADMIN},
    "listApiKeys": {BuiltInRole.ORG_ADMIN},
    "makeApiKey": {BuiltInRole.ORG_ADMIN},
    "revokeApiKey": {BuiltInRole.ORG_ADMIN},
    "listAuditEntries": MAY_AUDIT,
    "exportAudit": MAY_AUDIT,
    "readAuditEntry": MAY_AUDIT,
}
BODIES |= portfolio.BODIES | branding.BODIES | support.BODIES | support.OF_PLATFORM | imports.BODIES | exports.BODIES
NEEDS |= portfolio.NEEDS | branding.NEEDS | support.NEEDS | imports.NEEDS | exports.NEEDS
ONLY_FOR |= portfolio.ONLY_FOR | branding.ONLY_FOR | support.ONLY_FOR | exports.ONLY_FOR
ONLY_FOR |= dict.fromkeys(imports.READING, MAY_CHANGE)
ASKED = portfolio.ASKED | imports.ASKED
