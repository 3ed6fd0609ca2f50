import type { LogLine } from '../api/types';

export type Level = 'error' | 'warn' | 'info' | 'debug';

/** A line as it is shown. */
export interface Entry {
  readonly key: number;
  readonly line: LogLine;
  /** Without the codes that colour a terminal. */
  readonly text: string;
  readonly level: Level | null;
  /** The line's fields when it is a JSON object. */
  readonly fields: Readonly<Record<string, unknown>> | null;
}

/** Lines that were dropped before the next entry, because this browser was too slow. */
export interface Gap {
  readonly key: number;
  readonly skipped: number;
}

export type Item = Entry | Gap;

export const isGap = (item: Item): item is Gap => 'skipped' in item;

// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const TERMINAL_CODES = /\u001b\[[0-9;?]*[A-Za-z]/g;
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'log.level', 'levelname'];
const MESSAGE_KEYS = ['message', 'msg', 'event'];
/** A level stands near the beginning, in capitals, in brackets or as level=…; elsewhere it is prose. */
const LEVEL_WORD =
  /\b(TRACE|DEBUG|INFO|NOTICE|LOG|WARN(?:ING)?|ERR(?:OR)?|FATAL|CRIT(?:ICAL)?|PANIC|EMERG)\b|\[(\w{3,8})\]|\b(?:level|lvl|severity)=["']?(\w+)/;
const LOOKED_AT = 120;

const LEVELS: readonly (readonly [RegExp, Level])[] = [
  [/^(err|fatal|crit|panic|emerg|alert)/i, 'error'],
  [/^warn/i, 'warn'],
  [/^(info|notice|log)/i, 'info'],
  [/^(debug|trace)/i, 'debug'],
];

function levelOf(word: unknown): Level | null {
  if (typeof word !== 'string') return null;
  return LEVELS.find(([pattern]) => pattern.test(word))?.[1] ?? null;
}

function fieldsOf(text: string): Entry['fields'] {
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function levelIn(text: string, fields: Entry['fields']): Level | null {
  if (fields !== null) return levelOf(LEVEL_KEYS.map((key) => fields[key]).find(Boolean));
  const found = LEVEL_WORD.exec(text.slice(0, LOOKED_AT));
  return found === null ? null : levelOf(found[1] ?? found[2] ?? found[3]);
}

export function entryOf(line: LogLine, key: number): Entry {
  const text = line.text.replace(TERMINAL_CODES, '');
  const fields = fieldsOf(text.trim());
  return { key, line, text, level: levelIn(text, fields), fields };
}

/** What a JSON line says in words, and the fields that remain, as "key=value". */
export function summaryOf(entry: Entry): { readonly message: string; readonly rest: string } {
  const { fields, text } = entry;
  const key = fields === null ? undefined : MESSAGE_KEYS.find((each) => typeof fields[each] === 'string');
  if (fields === null || key === undefined) return { message: text, rest: '' };
  const rest = Object.entries(fields)
    .filter(([name]) => name !== key && !LEVEL_KEYS.includes(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return { message: String(fields[key]), rest: rest.join(' ') };
}

/** The least level that is shown. */
export type Threshold = 'all' | 'warn' | 'error';

/** Lines that hold the words and reach the level. Gaps stay while nothing is filtered. */
export function filtered(items: readonly Item[], words: string, threshold: Threshold): readonly Item[] {
  if (words === '' && threshold === 'all') return items;
  const wanted = words.toLowerCase();
  return items.filter(
    (item) => !isGap(item) && reaches(item.level, threshold) && item.text.toLowerCase().includes(wanted),
  );
}

function reaches(level: Level | null, threshold: Threshold): boolean {
  if (threshold === 'all') return true;
  return level === 'error' || (threshold === 'warn' && level === 'warn');
}

/** The lines as a text file. */
export function asFile(items: readonly Item[]): string {
  return items
    .map((item) =>
      isGap(item) ? `… ${item.skipped} lines skipped …` : `${item.line.at} ${item.line.stream} ${item.text}`,
    )
    .join('\n')
    .concat('\n');
}
