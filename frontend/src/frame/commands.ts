import { dependentsOf, needsConfirmation, objection, VERB_LABELS, VERBS } from '../actions/policy';
import { servicePath } from '../api/client';
import type { Service, Verb } from '../api/types';
import type { LinkStatus } from '../live/store';
import { read, type Look } from '../state/language';
import { addressOf, doorsOf } from './doors';
import { PLACES } from './places';

interface Words {
  readonly label: string;
  readonly hint: string | null;
}

export type Command = Words &
  (
    | { readonly kind: 'go'; readonly path: string; readonly look: Look | null }
    | { readonly kind: 'open'; readonly url: string }
    | { readonly kind: 'theme' }
    | { readonly kind: 'remediate'; readonly blocked: boolean }
    | {
        readonly kind: 'verb';
        readonly service: string;
        readonly verb: Verb;
        readonly blocked: boolean;
        /** Its effect is shown first. */
        readonly confirm: boolean;
      }
  );

interface World {
  readonly services: readonly Service[];
  readonly link: LinkStatus;
  readonly nextTheme: string;
}

const SHOWN = 14;

function doorCommands({ services }: World): Command[] {
  const known = new Map(services.map((service) => [service.name, service]));
  return doorsOf(known).map((door) => ({
    kind: 'open',
    label: `Open ${door.word}`,
    hint: door.shows,
    url: addressOf(door),
  }));
}

function placeCommands({ nextTheme, link }: World): Command[] {
  const places = PLACES.map(({ path, word }): Command => ({
    kind: 'go',
    label: `Go to ${word}`,
    hint: null,
    path,
    look: null,
  }));
  const blocked = link !== 'live';
  return [
    ...places,
    { kind: 'remediate', label: 'Auto-remediation', hint: 'Restart what is down, in order', blocked },
    { kind: 'theme', label: `Switch to ${nextTheme} theme`, hint: null },
  ];
}

function openCommand(service: Service): Command {
  const { look, word, detail } = read(service);
  const hint = detail === null ? word : `${word} · ${detail}`;
  return { kind: 'go', label: service.name, hint, path: `/services/${servicePath(service.name)}`, look };
}

function verbCommand(service: Service, verb: Verb, { services, link }: World): Command {
  const hint = objection(verb, service, link);
  return {
    kind: 'verb',
    label: `${VERB_LABELS[verb]} ${service.name}`,
    hint,
    service: service.name,
    verb,
    blocked: hint !== null,
    confirm: needsConfirmation(verb, dependentsOf(service.name, services)),
  };
}

/** How well a label answers: 0 best, null not at all. Every typed word must begin a word of it, or be in it. */
export function rank(label: string, query: string): number | null {
  const text = label.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(word);
    if (at < 0) return null;
    total += at === 0 || /[\s/_-]/.test(text.charAt(at - 1)) ? 0 : 1;
  }
  return total;
}

/** The best commands for what was typed; services first, verbs once something narrows them down. */
export function findCommands(query: string, world: World): Command[] {
  const opens = world.services.map(openCommand);
  const verbs =
    query.trim() === ''
      ? []
      : world.services.flatMap((service) => VERBS.map((verb) => verbCommand(service, verb, world)));
  return [...opens, ...placeCommands(world), ...doorCommands(world), ...verbs]
    .map((command) => ({ command, rank: rank(command.label, query) }))
    .filter((each): each is { command: Command; rank: number } => each.rank !== null)
    .sort((left, right) => left.rank - right.rank || Number(isBlocked(left.command)) - Number(isBlocked(right.command)))
    .slice(0, SHOWN)
    .map((each) => each.command);
}

function isBlocked(command: Command): boolean {
  return 'blocked' in command && command.blocked;
}
