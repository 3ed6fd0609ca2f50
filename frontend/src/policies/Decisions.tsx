import { Button, Select, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { servicePath } from '../api/client';
import { DECISION_KINDS, listDecisions, type Decision, type DecisionKind } from '../api/remediation';
import { useServices } from '../live/hooks';
import { useTopic } from '../live/useTopic';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import { exactTime } from '../time/format';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import classes from './RemediationPage.module.css';

const LOOKS: Record<DecisionKind, Look> = {
  acted: 'busy',
  healed: 'up',
  failed: 'down',
  waited: 'paused',
  left: 'paused',
  asked: 'unhealthy',
  approved: 'up',
  refused: 'paused',
  escalated: 'down',
};

/** Every decision, also the one to do nothing, newest first. Filters live in the address. */
export function Decisions() {
  useTopic('decisions');
  const [params, setParams] = useSearchParams();
  const filter = { service: params.get('service') ?? undefined, kind: params.get('kind') ?? undefined };
  const query = useInfiniteQuery({
    queryKey: ['decisions', filter],
    queryFn: ({ pageParam, signal }) => listDecisions(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const set = (key: 'service' | 'kind', value: string | null): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === null) after.delete(key);
        else after.set(key, value);
        return after;
      },
      { replace: true },
    );
  return (
    <section className={classes.panel} aria-labelledby="decisions">
      <h2 id="decisions">Decisions</h2>
      <div className={classes.filters} role="search">
        <Select
          size="xs"
          label="Service"
          placeholder="any"
          clearable
          searchable
          data={[...useServices().keys()].sort()}
          value={filter.service ?? null}
          onChange={(value) => set('service', value)}
        />
        <Select
          size="xs"
          label="Decision"
          placeholder="any"
          clearable
          data={DECISION_KINDS}
          value={filter.kind ?? null}
          onChange={(value) => set('kind', value)}
        />
      </div>
      {query.error !== null && (
        <p className={classes.none} role="status">
          Decisions cannot be read now: {query.error.message} They are still taken and kept.
        </p>
      )}
      {query.isPending && <Skeleton height={160} />}
      {query.data !== undefined && <Rows decisions={query.data.pages.flatMap((page) => page.items)} />}
      {query.hasNextPage && (
        <Button className={classes.more ?? ''} variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      )}
    </section>
  );
}

function Rows({ decisions }: { decisions: readonly Decision[] }) {
  if (decisions.length === 0)
    return <p className={classes.none}>No decision fits. What automation does, or leaves alone, shows here at once.</p>;
  return (
    <Table label="Table of decisions" columns={['When', 'Service', 'Decision', 'Because', 'Policy', 'By']} inside>
      {decisions.map((decision) => (
        <Row key={decision.id} decision={decision} />
      ))}
    </Table>
  );
}

function Row({ decision }: { decision: Decision }) {
  const look = LOOKS[decision.kind];
  return (
    <tr>
      <td title={exactTime(decision.at)}>
        <Ago at={decision.at} />
      </td>
      <td>
        <Link to={`/services/${servicePath(decision.service)}`}>{decision.service}</Link>
      </td>
      <td>
        <span className={cells.state} data-look={look}>
          <LedIcon look={look} size={13} />
          {decision.kind}
        </span>
        {decision.remedy !== null && <div className={cells.dim}>{decision.remedy}</div>}
      </td>
      <td className={cells.text}>{decision.reason}</td>
      <td>{decision.policy ?? 'button'}</td>
      <td>{decision.by}</td>
    </tr>
  );
}
