import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { Notice } from '../frame/Notice';
import { useLive } from '../live/hooks';
import { Waiting } from '../overview/Waiting';
import { DependencyMap } from './DependencyMap';
import { Selection } from './Selection';
import classes from './TopologyPage.module.css';

/** `/topology`: who stands on whom. The selected service lives in the address. */
export default function TopologyPage() {
  const seen = useLive((state) => state.heardAt !== null);
  const empty = useLive((state) => state.view.services.size === 0);
  const [params, setParams] = useSearchParams();
  const select = useCallback(
    (name: string | null) => setParams(name === null ? {} : { service: name }, { replace: true }),
    [setParams],
  );
  if (!seen) return <Waiting />;
  if (empty) {
    return (
      <Notice look="unknown" title="No services yet">
        <p>A container shows up here once it carries the label incidentops.service.</p>
      </Notice>
    );
  }
  const selected = params.get('service');
  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">Topology</h1>
      <DependencyMap selected={selected} onSelect={select} />
      <Selection selected={selected} onSelect={select} />
    </div>
  );
}
