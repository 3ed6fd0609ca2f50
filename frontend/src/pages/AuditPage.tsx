import { Select, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { VERBS } from '../actions/policy';
import type { ActionFilter } from '../api/client';
import type { Action, Outcome } from '../api/types';
import { useLive, useServices } from '../live/hooks';
import { History } from './History';
import { useActionHistory } from './useActionHistory';
import classes from './AuditPage.module.css';

const OUTCOMES: Outcome[] = ['succeeded', 'failed', 'refused', 'interrupted', 'running'];
const KEYS = ['service', 'verb', 'actor', 'outcome'] as const;
type Key = (typeof KEYS)[number];

function fits(action: Action, filter: ActionFilter): boolean {
  return KEYS.every((key) => filter[key] === undefined || filter[key] === action[key]);
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
      <h1 className={classes.title}>Audit</h1>
      <div className={classes.filters} role="search">
        <Select
          size="xs"
          label="Service"
          clearable
          searchable
          data={names}
          value={filter.service ?? null}
          onChange={(value) => set('service', value)}
        />
        <Select
          size="xs"
          label="Verb"
          clearable
          data={[...VERBS, 'remediate']}
          value={filter.verb ?? null}
          onChange={(value) => set('verb', value)}
        />
        <TextInput
          key={filter.actor}
          size="xs"
          label="By"
          placeholder="alice"
          defaultValue={filter.actor}
          onBlur={(event) => set('actor', event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') set('actor', event.currentTarget.value);
          }}
        />
        <Select
          size="xs"
          label="Outcome"
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
