import type { Ticket, TicketRow, TimelineEvent } from './ticket';

/** Made-up tickets for specifications; what matters there is said there. */
export function aRow(differences: Partial<TicketRow> = {}): TicketRow {
  return {
    id: '0199aaaa-0000-7000-8000-00000000c0de',
    reference: 'T-10482',
    title: 'No hot water since Saturday',
    status: 'new',
    priority: 'P2',
    category: 'heating_hot_water',
    property: { id: 'home', address: '14 Brudenell Mount, Leeds', postcode: 'LS6 1HT' },
    addressAsWritten: null,
    unitLabel: 'Flat 2',
    reporterName: 'Oluwaseun Adébáyò-Featherstonehaugh',
    owner: null,
    reportedAt: '2026-11-23T08:02:00Z',
    updatedAt: '2026-11-23T08:02:00Z',
    danger: null,
    dangerAcknowledgedAt: null,
    hasAlarm: false,
    suggestion: null,
    version: 1,
    ...differences,
  };
}

export function aTicket(differences: Partial<Ticket> = {}): Ticket {
  return {
    ...aRow(),
    description: 'The boiler shows F22 and the taps stay cold.',
    channel: 'phone',
    nation: 'ENG',
    unitId: 'unit',
    reporter: { id: 'tenant', name: 'Oluwaseun Adébáyò-Featherstonehaugh', email: 'oluwaseun@example.com', phone: '07700 900142' },
    report: null,
    tenancyId: 'tenancy',
    trade: null,
    hazardClass: null,
    responsibility: null,
    nextStep: null,
    rejection: null,
    takenBackAt: null,
    externalReference: null,
    statusSince: '2026-11-23T08:02:00Z',
    awareAt: '2026-11-23T08:02:00Z',
    createdAt: '2026-11-23T08:02:00Z',
    mayLowerHazard: true,
    allowedActions: ['comment', 'prioritise', 'assign'],
    ...differences,
  };
}

export function anEvent(differences: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    id: 'event',
    kind: 'commented',
    actor: { id: 'priya', name: 'Priya Raman' },
    body: null,
    data: {},
    visibility: 'internal',
    occurredAt: '2026-11-23T09:00:00Z',
    ...differences,
  };
}
