import { post, request } from './client';

export interface Shift {
  readonly start: string;
  readonly end: string;
  /** Null in a gap. */
  readonly user: string | null;
  readonly layer: string | null;
}

export interface Timeline {
  readonly shifts: readonly Shift[];
  readonly gaps: readonly Shift[];
}

export interface OnCallShift {
  readonly schedule: string;
  readonly team: string;
  readonly user: string | null;
  readonly full_name: string;
  readonly role: string;
  readonly layer: string | null;
  readonly until: string;
}

export interface Current {
  readonly primary: string | null;
  readonly on_call: readonly OnCallShift[];
}

interface Kept {
  readonly name: string;
  readonly revision: number;
  readonly changed_by: string;
  readonly changed_at: string;
}

export interface ContactMethod {
  readonly channel: string;
  /** Without its secrets. */
  readonly target: string;
  readonly urgencies: readonly string[];
}

export interface User extends Kept {
  readonly full_name: string;
  readonly role: string;
  readonly zone: string;
  readonly methods: readonly ContactMethod[];
}

export interface Team extends Kept {
  readonly description: string;
  readonly members: readonly string[];
  readonly services: readonly string[];
  readonly policies: Readonly<Record<string, string>>;
}

export interface Override {
  readonly user: string;
  readonly start: string;
  readonly end: string;
  readonly reason: string;
}

export interface Schedule extends Kept {
  readonly team: string;
  readonly zone: string;
  readonly description: string;
  readonly layers: readonly { readonly name: string; readonly rotation: { readonly users: readonly string[] } }[];
  readonly overrides: readonly Override[];
}

export interface Policy extends Kept {
  readonly description: string;
  readonly repeat: number;
  readonly ack_timeout_seconds: number | null;
  readonly steps: readonly {
    readonly targets: readonly { readonly kind: string; readonly name: string }[];
    readonly wait_seconds: number;
  }[];
}

export const REPEATS = ['once', 'daily', 'weekly', 'fortnightly', 'monthly'] as const;
export type Repeat = (typeof REPEATS)[number];

export interface NewWindow {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly repeat: Repeat;
  readonly services: readonly string[];
  readonly reason: string;
}

export interface Window extends NewWindow, Kept {
  readonly zone: string;
  readonly groups: readonly string[];
  /** Set while it keeps pages back. */
  readonly open_until: string | null;
}

export interface Silence extends Kept {
  readonly matchers: readonly {
    readonly name: string;
    readonly value: string;
    readonly equal: boolean;
    readonly regex: boolean;
  }[];
  readonly start: string;
  readonly end: string;
  readonly created_by: string;
  readonly comment: string;
  readonly active: boolean;
}

export interface NewContact {
  readonly name: string;
  readonly title: string;
  readonly purpose: string;
  /** In words, as a telephone number or an address. */
  readonly reach: string;
  /** It is whoever this has on call; empty for others. */
  readonly schedule: string;
  readonly order: number;
}

export interface Contact extends NewContact, Kept {}

/** The entries of the directory by the path they are read from. */
interface Entries {
  users: User;
  teams: Team;
  schedules: Schedule;
  'escalation-policies': Policy;
  'maintenance-windows': Window;
  silences: Silence;
  contacts: Contact;
}

export type EntryPath = keyof Entries;
export type EntryAt<P extends EntryPath> = Entries[P];

export const STATES = ['pending', 'sending', 'delivered', 'failed', 'cancelled'] as const;
export type NotificationState = (typeof STATES)[number];

export interface Attempt {
  readonly number: number;
  readonly channel: string;
  readonly target: string;
  readonly key: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly outcome: 'running' | 'delivered' | 'failed' | 'interrupted';
  readonly answer: string;
}

export interface Notification {
  readonly id: string;
  readonly kind: string;
  readonly recipient: string;
  readonly urgency: string;
  readonly subject: string;
  readonly incident_id: string | null;
  readonly state: NotificationState;
  readonly created_at: string;
  readonly attempts: readonly Attempt[];
}

export interface NotificationPage {
  readonly items: readonly Notification[];
  readonly next_cursor: string | null;
}

const at = (path: EntryPath, name: string): string => `/api/v1/${path}/${encodeURIComponent(name)}`;

/** Who is on call now. */
export function readCurrent(signal: AbortSignal): Promise<Current> {
  return request('/api/v1/oncall/current', { signal });
}

/** All entries of one kind, by name. */
export async function listEntries<P extends EntryPath>(path: P, signal: AbortSignal): Promise<readonly EntryAt<P>[]> {
  const list = await request<{ items: readonly EntryAt<P>[] }>(`/api/v1/${path}`, { signal });
  return list.items;
}

export function removeEntry(path: EntryPath, name: string): Promise<unknown> {
  return post(at(path, name), {}, 'DELETE');
}

export function readTimeline(schedule: string, days: number, signal: AbortSignal): Promise<Timeline> {
  return request(`${at('schedules', schedule)}/timeline?days=${days}`, { signal });
}

/** For calendar programs. */
export const calendarPath = (schedule: string): string => `${at('schedules', schedule)}/calendar.ics`;

export function addOverride(schedule: string, override: Override): Promise<unknown> {
  return post(`${at('schedules', schedule)}/overrides`, override);
}

export function removeOverride(schedule: string, { user, start }: Override): Promise<unknown> {
  const query = new URLSearchParams({ user, start });
  return post(`${at('schedules', schedule)}/overrides?${query.toString()}`, {}, 'DELETE');
}

export function addWindow(window: NewWindow): Promise<unknown> {
  return post('/api/v1/maintenance-windows', window);
}

export function addContact(contact: NewContact): Promise<unknown> {
  return post('/api/v1/contacts', contact);
}

/** Refused when somebody changed it after that revision. */
export function replaceContact(contact: NewContact, revision: number): Promise<unknown> {
  return post(`${at('contacts', contact.name)}?revision=${revision}`, contact, 'PUT');
}

export function listNotifications(
  state: NotificationState | null,
  cursor: string | null,
  signal: AbortSignal,
): Promise<NotificationPage> {
  const query = new URLSearchParams({ limit: '50' });
  if (state !== null) query.set('state', state);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/api/v1/notifications?${query.toString()}`, { signal });
}
