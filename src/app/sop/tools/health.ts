import { ADMINISTRATOR } from '../../../access/authorize.ts';
import type { Json } from '../../../json.ts';
import type { Lake } from '../../../ports/step.ts';
import { BOOLEAN, choice, DATE, list, NUMBER, record, TEXT } from '../../../sop/language/types.ts';
import type { Tool } from '../../../sop/tool.ts';
import { acknowledge, act, incidentDetails, listIncidents } from '../../health/incidents.ts';
import { lakeHealth } from '../../health/table-health.ts';

const INCIDENT = record({
  id: TEXT,
  cause: TEXT,
  title: TEXT,
  state: choice('new', 'acknowledged', 'reopened', 'resolved'),
  severity: choice('warning', 'error'),
  confidence: NUMBER,
  opened_at: DATE,
  assignee: TEXT,
  tables: list(TEXT),
  affected: list(TEXT),
  repairs: list(TEXT),
  steps: TEXT,
});

type Incident = Awaited<ReturnType<typeof listIncidents>>[number];

const incidentRow = (incident: Incident): Json => ({
  id: incident.id,
  cause: incident.cause,
  title: incident.title,
  state: incident.state,
  severity: incident.severity,
  confidence: incident.confidence,
  opened_at: incident.openedAt,
  assignee: incident.assignee,
  tables: [...incident.tables],
  affected: [...incident.affected],
  repairs: [...incident.repairs],
  steps: incident.manualSteps,
});

const about = { incident: { type: TEXT, about: 'Its id, or the end of it' } };

/** What is wrong with the lake, and what can be done about it: see docs/health.md. */
export const healthTools = (lake: Lake): Tool[] => [
  {
    name: 'table-health',
    about: 'Whether a table is as new as promised, and why not',
    takes: { table: { type: TEXT, about: '`database.table`' } },
    gives: record({
      table: TEXT,
      status: choice('healthy', 'degraded', 'stale', 'missing', 'off', 'unknown'),
      reason: TEXT,
      as_of: DATE,
      next_expected: DATE,
      owner: TEXT,
      incident: TEXT,
    }),
    roles: 'any',
    acts: false,
    again: 'safe',
    async run({ args: { table } }) {
      const [found] = (await lakeHealth(lake, [String(table)])).tables;
      const value: Json = {
        table: String(table),
        // A table of which the role may not know is one that there is not.
        status: found?.status ?? 'unknown',
        reason: found?.reason ?? null,
        as_of: found?.asOf ?? null,
        next_expected: found?.nextExpected ?? null,
        owner: found?.owner ?? null,
        incident: found?.incident ?? null,
      };
      return { value };
    },
  },
  {
    name: 'incidents',
    about: 'The open incidents, those that reach a table where one is named; the newest first',
    takes: { table: { type: TEXT, about: 'Only those that reach it', optional: true } },
    gives: list(INCIDENT),
    roles: 'any',
    acts: false,
    again: 'safe',
    async run({ args: { table } }) {
      const found = await listIncidents(lake);
      const reaches = ({ tables, affected }: Incident) =>
        table === undefined || table === null || [...tables, ...affected].includes(String(table));
      return { value: found.filter(reaches).map(incidentRow) };
    },
  },
  {
    name: 'repair-plan',
    about: 'What a repair would do about an incident; changes nothing',
    takes: { ...about, repair: { type: TEXT, about: 'One of the repairs in docs/health.md' } },
    gives: record({ repair: TEXT, text: TEXT, tables: list(TEXT), asks: TEXT, needs_run: BOOLEAN }),
    roles: [ADMINISTRATOR],
    acts: false,
    again: 'safe',
    async run({ args: { incident, repair } }) {
      const { proposal, needsRun } = await act(lake, String(incident), { repair: String(repair) });
      const { text, tables, asks } = proposal;
      return {
        value: {
          repair: proposal.repair,
          text,
          tables: [...tables],
          asks: asks ?? null,
          needs_run: needsRun,
        },
      };
    },
  },
  {
    name: 'repair',
    about: 'Does a repair about an incident, once; a row of ops.repairs',
    takes: { ...about, repair: { type: TEXT, about: 'One of the repairs in docs/health.md' } },
    gives: record({ text: TEXT, tables: list(TEXT), needs_run: BOOLEAN }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args: { incident, repair }, key, approvedBy }) {
      const { proposal, needsRun } = await act(lake, String(incident), {
        repair: String(repair),
        confirm: true,
        key,
        ...(approvedBy ? { by: approvedBy.by } : {}),
      });
      return { value: { text: proposal.text, tables: [...proposal.tables], needs_run: needsRun } };
    },
  },
  {
    name: 'acknowledge',
    about: 'Says that somebody looks after an incident',
    takes: about,
    gives: record({ by: TEXT, at: DATE }),
    roles: [ADMINISTRATOR],
    acts: true,
    again: 'by-key',
    async run({ args: { incident }, approvedBy }) {
      const { acknowledged } = await acknowledge(lake, String(incident), approvedBy?.by);
      return { value: { by: acknowledged?.by ?? null, at: acknowledged?.at ?? null } };
    },
  },
  {
    name: 'incident',
    about: 'One incident by its id, or by the end of it',
    takes: about,
    gives: INCIDENT,
    roles: 'any',
    acts: false,
    again: 'safe',
    async run({ args: { incident } }) {
      return { value: incidentRow((await incidentDetails(lake, String(incident))).incident) };
    },
  },
];
