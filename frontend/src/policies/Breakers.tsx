import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Breaker } from '../api/remediation';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import { clockTime, exactTime } from '../time/format';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import classes from './RemediationPage.module.css';

const LOOKS: Record<Breaker['state'], Look> = { closed: 'up', half_open: 'unhealthy', open: 'down' };
const WORDS: Record<Breaker['state'], string> = { closed: 'CLOSED', half_open: 'HALF OPEN', open: 'OPEN' };

/** The services that automation has treated, and which of them it leaves alone for now. */
export function Breakers({ breakers }: { breakers: readonly Breaker[] }) {
  return (
    <section className={classes.panel} aria-labelledby="breakers">
      <h2 id="breakers">Breakers</h2>
      {breakers.length === 0 ? (
        <p className={classes.none}>No service has needed automatic recovery yet.</p>
      ) : (
        <Table label="Table of breakers" columns={['Service', 'Breaker', 'In a row', 'Last attempt', 'Why']} inside>
          {breakers.map((breaker) => (
            <Row key={breaker.service} breaker={breaker} />
          ))}
        </Table>
      )}
    </section>
  );
}

function Row({ breaker }: { breaker: Breaker }) {
  const look = LOOKS[breaker.state];
  const until = breaker.rest_until;
  return (
    <tr>
      <td>
        <Link to={`/services/${servicePath(breaker.service)}`}>{breaker.service}</Link>
      </td>
      <td>
        <span className={cells.state} data-look={look}>
          <LedIcon look={look} size={13} />
          {WORDS[breaker.state]}
        </span>{' '}
        {until !== null && breaker.state === 'open' && (
          <span className={cells.dim} title={exactTime(until)}>
            until {clockTime(until)}
          </span>
        )}
      </td>
      <td>
        {breaker.attempts_in_a_row} tried, {breaker.failures_in_a_row} failed
      </td>
      <td>{breaker.last_attempt_at === null ? 'never' : <Ago at={breaker.last_attempt_at} />}</td>
      <td className={cells.text}>{breaker.reason}</td>
    </tr>
  );
}
