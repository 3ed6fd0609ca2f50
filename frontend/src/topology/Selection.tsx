import { useMemo } from 'react';
import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Service } from '../api/types';
import { useServices } from '../live/hooks';
import { StateWord } from '../services/StateWord';
import { VerbBar } from '../services/VerbBar';
import { read } from '../state/language';
import { LedIcon } from '../state/Led';
import { blastRadius, needsOf } from './graph';
import classes from './Selection.module.css';

interface SelectionProps {
  selected: string | null;
  onSelect: (name: string) => void;
}

/** What the map says of the selected service, in words; without one, where a failure would hurt most. */
export function Selection({ selected, onSelect }: SelectionProps) {
  const services = useServices();
  const service = selected === null ? undefined : services.get(selected);
  return (
    <aside className={classes.side} aria-live="polite" aria-label="Blast radius">
      {service === undefined ? <Weightiest onSelect={onSelect} /> : <Selected service={service} onSelect={onSelect} />}
    </aside>
  );
}

function Selected({ service, onSelect }: { service: Service; onSelect: (name: string) => void }) {
  const services = useServices();
  const suffers = blastRadius(service.name, services);
  return (
    <>
      <h2 className={classes.name}>
        <Link to={`/services/${servicePath(service.name)}`}>{service.name}</Link>
        <StateWord service={service} />
      </h2>
      <VerbBar service={service} />
      <h3 className={classes.heading}>
        {suffers.size === 0 ? 'Nothing stands on it' : `Blast radius: ${counted(suffers.size)}`}
      </h3>
      <Names names={suffers} label="Blast radius" onSelect={onSelect} />
      <h3 className={classes.heading}>Stands on</h3>
      <Names names={needsOf(service.name, services)} label="Stands on" onSelect={onSelect} empty="nothing" />
    </>
  );
}

const counted = (count: number): string => (count === 1 ? '1 service' : `${count} services`);

/** How many are listed while nothing is selected. */
const LISTED = 8;

function Weightiest({ onSelect }: { onSelect: (name: string) => void }) {
  const services = useServices();
  const weights = useMemo(
    () =>
      [...services.keys()]
        .map((name) => [name, blastRadius(name, services).size] as const)
        .filter(([, weight]) => weight > 0)
        .sort(([left, most], [right, more]) => more - most || left.localeCompare(right))
        .slice(0, LISTED),
    [services],
  );
  return (
    <>
      <h2 className={classes.heading}>Where a failure would hurt most</h2>
      {weights.length === 0 && <p className={classes.empty}>No service declares that it depends on another.</p>}
      <ul className={classes.names} aria-label="Where a failure would hurt most">
        {weights.map(([name, weight]) => (
          <Name key={name} name={name} note={counted(weight)} onSelect={onSelect} />
        ))}
      </ul>
      <p className={classes.empty}>Select a service to see what it would take along.</p>
    </>
  );
}

interface NamesProps {
  /** With the number of steps away. */
  names: ReadonlyMap<string, number>;
  label: string;
  empty?: string;
  onSelect: (name: string) => void;
}

function Names({ names, label, empty, onSelect }: NamesProps) {
  if (names.size === 0) return empty === undefined ? null : <p className={classes.empty}>{empty}</p>;
  return (
    <ul className={classes.names} aria-label={label}>
      {[...names].map(([name, steps]) => (
        <Name key={name} name={name} note={steps === 1 ? 'directly' : `${steps} steps`} onSelect={onSelect} />
      ))}
    </ul>
  );
}

function Name({ name, note, onSelect }: { name: string; note: string; onSelect: (name: string) => void }) {
  const service = useServices().get(name);
  const look = service === undefined ? 'unknown' : read(service).look;
  return (
    <li>
      <button type="button" className={classes.row} data-look={look} onClick={() => onSelect(name)}>
        <LedIcon look={look} size={13} />
        <span className={classes.text}>{name}</span>
        <span className={classes.note}>{note}</span>
      </button>
    </li>
  );
}
