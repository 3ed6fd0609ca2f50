import { IconFlame } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listIncidents, SEVERITIES, UNRESOLVED } from '../api/incidents';
import { useTopic } from '../live/useTopic';
import { SEVERITY_LOOKS, SEVERITY_WORDS } from './words';
import classes from './OpenIncidents.module.css';

const PLACE = `/incidents?${new URLSearchParams(UNRESOLVED.map((status) => ['status', status])).toString()}`;

/** How many incidents are not resolved, in the look of the worst of them, and the way to them. Nothing while none is. */
export function OpenIncidents() {
  useTopic('incidents');
  const { data } = useQuery({
    queryKey: ['incidents', 'unresolved'],
    queryFn: ({ signal }) => listIncidents({ status: UNRESOLVED }, null, signal),
  });
  const items = data?.items ?? [];
  const worst = SEVERITIES.find((severity) => items.some((incident) => incident.severity === severity));
  if (worst === undefined) return null;
  return (
    <Link
      className={classes.chip}
      to={PLACE}
      data-look={SEVERITY_LOOKS[worst]}
      data-testid="open-incidents"
      title={`Not resolved, the worst of them ${SEVERITY_WORDS[worst]}`}
    >
      <IconFlame size={14} aria-hidden="true" />
      {/* One page is counted: beyond it nobody counts any more. */}
      {`${items.length}${data?.next_cursor == null ? '' : '+'} `}
      <span className={classes.words}>{items.length === 1 ? 'incident' : 'incidents'}</span>
    </Link>
  );
}
