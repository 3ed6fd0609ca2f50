import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { VERBS } from '../actions/policy';
import { exportPath, type ActionFilter } from '../api/client';
import type { Action, Outcome } from '../api/types';
import { useLive, useServices } from '../live/hooks';
import { History } from './History';
import { useActionHistory } from './useActionHistory';
import classes from './AuditPage.module.css';

const OUTCOMES: Outcome[] = ['succeeded', 'failed', 'refused', 'interrupted', 'running'];
const EXACT = ['service', 'verb', 'actor', 'outcome'] as const;
const KEYS = [...EXACT, 'text'] as const;
type Key = (typeof KEYS)[number];

/** The same rule as the backend's, for what comes over the live connection. */
function fits(action: Action, filter: ActionFilter): boolean {
  const text = (filter.text ?? '').toLowerCase();
  return (
    EXACT.every((key) => filter[key] === undefined || filter[key] === action[key]) &&
    (action.message.toLowerCase().includes(text) || action.actor.toLowerCase().includes(text))
  );
}

/** The action log: who did what to which service, and how it ended. Filters live in the address. */
export default function AuditPage() {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const filter = useMemo<ActionFilter>(() => {
    const given = new URLSearchParams(address);
    return Object.fromEntries(KEYS.map((key) => [key, given.get(key) ?? undefined]));
  }, [address]);
  const byService = useLive((state) => state.view.actions);
  const live = useMemo(() => [...byService.values()].flat().filter((each) => fits(each, filter)), [byService, filter]);
  const history = useActionHistory(filter, live);
  const services = useServices();
  // A service that is gone keeps its place in the log, and so in the filter.
  const names = [...new Set([...services.keys(), ...(filter.service === undefined ? [] : [filter.service])])].sort();
  const set = (key: Key, value: string | null): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === null || value === '') after.delete(key);
        else after.set(key, value);
        return after;
      },
      { replace: true },
    );
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Audit</h1>
        <Export filter={filter} />
      </div>
      <div className={classes.filters} role="search">
        <TypedFilter
          label="Text"
          placeholder="In message or actor"
          value={filter.text}
          onSet={(value) => set('text', value)}
          search
        />
        <Select
          size="xs"
          label="Service"
          placeholder="any"
          clearable
          searchable
          data={names}
          value={filter.service ?? null}
          onChange={(value) => set('service', value)}
        />
        <Select
          size="xs"
          label="Verb"
          placeholder="any"
          clearable
          data={[...VERBS, 'recreate', 'remediate']}
          value={filter.verb ?? null}
          onChange={(value) => set('verb', value)}
        />
        <TypedFilter label="By" placeholder="alice" value={filter.actor} onSet={(value) => set('actor', value)} />
        <Select
          size="xs"
          label="Outcome"
          placeholder="any"
          clearable
          data={OUTCOMES}
          value={filter.outcome ?? null}
          onChange={(value) => set('outcome', value)}
        />
      </div>
      <History
        history={history}
        withService
        empty="No action fits. With no filter set, every ping, stop and start by anyone shows here at once."
      />
    </>
  );
}

interface TypedFilterProps {
  label: string;
  placeholder: string;
  value: string | undefined;
  /** This is where `/` goes. */
  search?: boolean;
  onSet: (value: string) => void;
}

/** A filter that is typed; it takes effect with Enter or when it is left, not with every letter. */
function TypedFilter({ label, placeholder, value, search = false, onSet }: TypedFilterProps) {
  return (
    <TextInput
      key={value}
      size="xs"
      label={label}
      placeholder={placeholder}
      defaultValue={value}
      data-filter={search || undefined}
      leftSection={search ? <IconSearch size={14} /> : undefined}
      onBlur={(event) => {
        if (event.currentTarget.value !== (value ?? '')) onSet(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSet(event.currentTarget.value);
      }}
    />
  );
}

/** The whole log that fits the filters as a file, not only what is on screen. */
function Export({ filter }: { filter: ActionFilter }) {
  return (
    <div className={classes.export}>
      {(['csv', 'json'] as const).map((format) => (
        <Button
          key={format}
          component="a"
          href={exportPath(filter, format)}
          download
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} />}
          aria-label={`Export as ${format.toUpperCase()}`}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}
