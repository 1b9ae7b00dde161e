"""What a ticket allows, whoever asks."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maintainuk.domain.built_in_roles import BUILT_IN_GRANTS, BuiltInRole
from maintainuk.domain.errors import IllegalTransition, Invalid
from maintainuk.domain.permissions import Actor
from maintainuk.domain.taxonomy import Category, Classification, HazardClass, Priority, Responsibility, Trade
from maintainuk.domain.ticket_events import HazardLowered, RejectionReason, TicketOwnerChanged, TicketPriorityChanged
from maintainuk.domain.ticket_lifecycle import FINAL, LIFECYCLE, OPEN, TicketAction, TicketStatus, allowed_actions
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.values import line, prose

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAMP = Classification(
    category=Category.DAMP_MOULD,
    trade=Trade.DAMP_SPECIALIST,
    priority=Priority.P2,
    hazard_class=HazardClass.POTENTIAL_SIGNIFICANT,
    responsibility=Responsibility.LANDLORD,
)


DESK = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.COORDINATOR}


def ticket(status: TicketStatus = TicketStatus.NEW, **changes) -> MaintenanceTicket:
    return MaintenanceTicket(
        org_id=uuid4(),
        number=10_482,
        property_id=uuid4(),
        title="Boiler keeps losing pressure",
        description="It drops to zero every evening.",
        status=status,
        status_since=NOW,
        reported_at=NOW,
        aware_at=NOW,
        created_at=NOW,
        updated_at=NOW,
        **changes,
    )


def actor(role: BuiltInRole) -> Actor:
    return Actor(org_id=uuid4(), user_id=uuid4(), name="Nia Prosser", role=role, grants=BUILT_IN_GRANTS[role])


def give(one: MaintenanceTicket, action: TicketAction) -> None:
    """Give the command, with whatever it takes."""
    {
        TicketAction.COMMENT: lambda: one.comment("Rang, no answer.", at=NOW),
        TicketAction.PRIORITISE: lambda: one.prioritise(Priority.P1, at=NOW),
        TicketAction.ASSIGN: lambda: one.hand_to(uuid4(), at=NOW),
        TicketAction.TRIAGE: lambda: one.triage(at=NOW),
        TicketAction.CLASSIFY: lambda: one.classify(DAMP, at=NOW),
        TicketAction.REQUEST_INFO: lambda: one.ask("Which room is it in?", at=NOW),
        TicketAction.RECEIVE_INFO: lambda: one.receive_info(at=NOW),
        TicketAction.APPROVE: lambda: one.approve(at=NOW),
        TicketAction.REJECT: lambda: one.reject(RejectionReason.TENANT_DUTY, "Bulbs are yours to change.", at=NOW),
        TicketAction.PLAN: lambda: one.plan("Ring the tenant", NOW, at=NOW),
        TicketAction.LINK_HOME: lambda: one.link_home(uuid4(), None, None, at=NOW),
        TicketAction.CANCEL: lambda: one.cancel("It stopped by itself.", by_tenant=False, at=NOW),
    }[action]()


@given(st.sampled_from(TicketStatus), st.sampled_from(TicketAction))
def test_only_listed_actions_are_taken(status: TicketStatus, action: TicketAction):
    one = ticket(status)

    if action in LIFECYCLE.allowed(status):
        give(one, action)
        assert len(one.happened) == 1
        assert one.status is LIFECYCLE.after(action, status)
    else:
        with pytest.raises(IllegalTransition) as refused:
            give(one, action)
        assert refused.value.allowed == list(LIFECYCLE.allowed(status))
        assert one.happened == []


@given(st.lists(st.sampled_from(TicketAction), max_size=12))
def test_no_sequence_of_commands_leaves_the_table(actions: list[TicketAction]):
    one = ticket()

    for action in actions:
        before, told = one.status, len(one.happened)
        try:
            give(one, action)
        except IllegalTransition:
            assert action not in LIFECYCLE.allowed(before)
            assert (one.status, len(one.happened)) == (before, told)
        else:
            assert action in LIFECYCLE.allowed(before)
            assert one.status is LIFECYCLE.after(action, before)


@given(st.sampled_from(TicketStatus), st.sampled_from(BuiltInRole))
def test_nobody_is_offered_what_they_may_not_do(status: TicketStatus, role: BuiltInRole):
    offered = allowed_actions(status, actor(role), hazard_class=HazardClass.NONE)

    assert set(offered) <= set(LIFECYCLE.allowed(status))
    if role in {BuiltInRole.AUDITOR, BuiltInRole.FINANCE}:
        assert offered == []


@given(st.sampled_from(HazardClass), st.sampled_from(HazardClass))
def test_the_alarm_is_raised_and_never_lowered_without_a_person(before: HazardClass, proposed: HazardClass):
    one = ticket(hazard_class=before)

    one.raise_hazard(proposed, at=NOW)

    assert one.hazard_class.severity == max(before.severity, proposed.severity)
    assert len(one.happened) == (proposed.severity > before.severity)


def test_what_the_tenant_answers_brings_the_ticket_back_to_triage():
    one = ticket(TicketStatus.AWAITING_INFO)

    one.tenant_wrote("It is the small bedroom.", at=NOW)

    assert one.status is TicketStatus.TRIAGE


def test_an_open_ticket_waits_for_somebody_and_a_final_one_does_not():
    assert not OPEN & FINAL
    assert all(ticket(status).is_open for status in OPEN)
    assert not any(ticket(status).is_open for status in FINAL | {TicketStatus.RESOLVED, TicketStatus.DRAFT})


def test_the_same_again_changes_nothing():
    owner = uuid4()
    one = ticket(priority=Priority.P2, owner_id=owner)

    one.prioritise(Priority.P2, at=datetime.max.replace(tzinfo=UTC))
    one.hand_to(owner, at=datetime.max.replace(tzinfo=UTC))

    assert (one.happened, one.updated_at) == ([], NOW)


def test_a_change_tells_what_was_before():
    one = ticket()
    owner = uuid4()

    one.prioritise(Priority.P1, at=NOW)
    one.hand_to(owner, at=NOW)

    assert one.happened == [
        TicketPriorityChanged(org_id=one.org_id, ticket_id=one.id, before=Priority.P3, after=Priority.P1),
        TicketOwnerChanged(org_id=one.org_id, ticket_id=one.id, before=None, after=owner),
    ]


@given(st.text())
def test_what_was_made_readable_stays_as_it_is(text: str):
    assert prose(prose(text)) == prose(text)
    assert line(line(text)) == line(text)
    assert "\n" not in line(text)
    assert not {"\x00", "\x1b", "\u202e"} & set(prose(text))


@given(st.sampled_from(HazardClass), st.sampled_from(HazardClass))
def test_a_hazard_goes_down_with_words_for_why_and_otherwise_stays(before: HazardClass, after: HazardClass):
    one = ticket(TicketStatus.TRIAGE, hazard_class=before)
    as_ = replace(DAMP, hazard_class=after)

    if after.severity < before.severity:
        with pytest.raises(Invalid):
            one.classify(as_, at=NOW)
        assert (one.hazard_class, one.happened) == (before, [])
    one.classify(as_, lowered_because="The surveyor found no mould.", at=NOW)

    assert one.hazard_class is after
    assert any(isinstance(told, HazardLowered) for told in one.happened) == (after.severity < before.severity)


@given(st.sampled_from(BuiltInRole), st.sampled_from([None, *HazardClass]))
def test_what_may_be_a_hazard_is_rejected_by_those_who_may_lower_hazards(role: BuiltInRole, hazard: HazardClass | None):
    offered = allowed_actions(TicketStatus.TRIAGE, actor(role), hazard_class=hazard)

    may_reject = {BuiltInRole.MANAGER} if hazard not in {None, HazardClass.NONE} else DESK
    assert (TicketAction.REJECT in offered) == (role in may_reject)
