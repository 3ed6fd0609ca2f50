import { ask, post, request } from './client';
import type { Severity } from './incidents';
import { readPage, type Filter, type Page } from './lists';

export interface Shift {
  readonly start: string;
  readonly end: string;
  /** Null in a gap. */
  readonly user: string | null;
  readonly layer: string | null;
}

/** Whom one layer alone has on call. */
export interface LayerShifts {
  readonly name: string;
  readonly shifts: readonly Shift[];
}

export interface Timeline {
  readonly shifts: readonly Shift[];
  readonly gaps: readonly Shift[];
  /** Each layer for itself; later ones stand above earlier ones. */
  readonly layers: readonly LayerShifts[];
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

export const CHANNELS = ['webhook', 'email', 'slack', 'ntfy', 'apprise', 'panel', 'browser', 'log'] as const;
export type Channel = (typeof CHANNELS)[number];
export type Urgency = 'high' | 'low';

export interface ContactMethod {
  readonly channel: Channel;
  /** Without its secrets; may be sent back as it is. */
  readonly target: string;
  readonly urgencies: readonly Urgency[];
}

/** Wall clock hours; an end not after the start lies on the next day. Monday is 0. */
export interface WeeklyHours {
  readonly start: string;
  readonly end: string;
  readonly weekdays: readonly number[];
}

export interface User extends Kept {
  readonly full_name: string;
  readonly role: string;
  readonly zone: string;
  readonly methods: readonly ContactMethod[];
  readonly quiet: WeeklyHours | null;
}

export interface Team extends Kept {
  readonly description: string;
  readonly members: readonly string[];
  readonly services: readonly string[];
  readonly policies: Readonly<Partial<Record<Severity, string>>>;
}

export interface Override {
  readonly user: string;
  readonly start: string;
  readonly end: string;
  readonly reason: string;
}

export interface Layer {
  readonly name: string;
  readonly rotation: {
    readonly users: readonly string[];
    readonly starts_on: string;
    readonly handoff: string;
    readonly days: number;
  };
  readonly hours: WeeklyHours | null;
}

export interface Schedule extends Kept {
  readonly team: string;
  readonly zone: string;
  readonly description: string;
  readonly layers: readonly Layer[];
  readonly overrides: readonly Override[];
}

export interface Target {
  readonly kind: 'user' | 'schedule';
  readonly name: string;
}

export interface Step {
  readonly targets: readonly Target[];
  readonly wait_seconds: number;
}

export interface Policy extends Kept {
  readonly description: string;
  readonly repeat: number;
  readonly ack_timeout_seconds: number | null;
  readonly steps: readonly Step[];
}

export const REPEATS = ['once', 'daily', 'weekly', 'fortnightly', 'monthly'] as const;
export type Repeat = (typeof REPEATS)[number];

export interface Window extends Kept {
  /** Wall clock times of `zone`. */
  readonly start: string;
  readonly end: string;
  readonly zone: string;
  readonly repeat: Repeat;
  readonly services: readonly string[];
  readonly groups: readonly string[];
  readonly reason: string;
  /** The last day on which it begins; null: on and on. */
  readonly last: string | null;
  /** When it was last ended by hand. */
  readonly ended_at: string | null;
  /** Set while it keeps pages back. */
  readonly open_until: string | null;
}

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly equal: boolean;
  readonly regex: boolean;
}

export interface Silence extends Kept {
  readonly matchers: readonly Matcher[];
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

/** What the server adds. */
const ADDED = ['revision', 'changed_by', 'changed_at', 'open_until', 'ended_at', 'created_by', 'active'] as const;
type Added = (typeof ADDED)[number];

/** An entry as it is sent. */
export type Draft<P extends EntryPath> = Omit<EntryAt<P>, Added>;

/** What of an entry is sent back. */
export function draftOf<P extends EntryPath>(entry: EntryAt<P>): Draft<P> {
  const added: readonly string[] = ADDED;
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !added.includes(key))) as Draft<P>;
}

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

/** Removes an entry that stands at this revision. Throws ApiError, `entry-changed` when it has moved on. */
export function removeEntry(path: EntryPath, { name, revision }: Kept): Promise<unknown> {
  return post(`${at(path, name)}?revision=${revision}`, {}, 'DELETE');
}

/** Ends what is open of a window now. Throws ApiError when nothing is. */
export function endWindow(name: string): Promise<Window> {
  return post(`${at('maintenance-windows', name)}/end`, {});
}

/** Keeps a new entry. Throws ApiError, `name-taken` when there is one of this name. */
export function addEntry<P extends EntryPath>(path: P, draft: Draft<P>): Promise<EntryAt<P>> {
  return post(`/api/v1/${path}`, draft);
}

/** Replaces an entry that stands at this revision. Throws ApiError, `entry-changed` when it has moved on. */
export function replaceEntry<P extends EntryPath>(path: P, draft: Draft<P>, revision: number): Promise<EntryAt<P>> {
  return post(`${at(path, draft.name)}?revision=${revision}`, draft, 'PUT');
}

const stretchOf = (start: string, days: number): string =>
  new URLSearchParams({ start, days: String(days) }).toString();

/** Who is on call on the days from an instant on. */
export function readTimeline(schedule: string, start: string, days: number, signal: AbortSignal): Promise<Timeline> {
  return request(`${at('schedules', schedule)}/timeline?${stretchOf(start, days)}`, { signal });
}

/** The same of a schedule that nobody saved yet. */
export function previewSchedule(draft: Draft<'schedules'>, start: string, days: number): Promise<Timeline> {
  return ask(`/api/v1/schedules/preview?${stretchOf(start, days)}`, draft);
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

export interface Message {
  readonly recipient?: string;
  readonly channel: Channel;
  readonly target: string;
  readonly subject: string;
  readonly message: string;
}

/** Tells somebody something; the answer means that it is kept, its attempts follow. */
export function notify(message: Message): Promise<Notification> {
  return post('/api/v1/notify', message);
}

export function readNotification(id: string, signal: AbortSignal): Promise<Notification> {
  return request(`/api/v1/notifications/${id}`, { signal });
}

export function addContact(contact: NewContact): Promise<unknown> {
  return post('/api/v1/contacts', contact);
}

/** Refused when somebody changed it after that revision. */
export function replaceContact(contact: NewContact, revision: number): Promise<unknown> {
  return post(`${at('contacts', contact.name)}?revision=${revision}`, contact, 'PUT');
}

export function listNotifications(
  filter: Filter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<Notification>> {
  return readPage('/api/v1/notifications', filter, cursor, signal);
}
