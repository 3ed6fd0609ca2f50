import { useState } from 'react';
import { useLive } from '../live/hooks';
import { Notice } from '../frame/Notice';
import { RemediationBar } from '../remediation/RemediationBar';
import { CardGrid } from './CardGrid';
import { SystemMetrics } from './SystemMetrics';
import { Toolbar } from './Toolbar';
import { useArrangement } from './useArrangement';
import { useFilters } from './useFilters';
import { Waiting } from './Waiting';

/** The first page: the host, and every service live. */
export function Overview() {
  const seen = useLive((state) => state.heardAt !== null);
  const total = useLive((state) => state.view.services.size);
  const filters = useFilters();
  const [occupied, setOccupied] = useState(false);
  const { groups, held } = useArrangement(filters.query, filters.pinDown, occupied);
  const shown = groups.reduce((sum, group) => sum + group.services.length, 0);
  return (
    <>
      <h1 className="visually-hidden">Overview</h1>
      {seen ? (
        <>
          <SystemMetrics />
          <Toolbar filters={filters} shown={shown} total={total} held={held} />
          {shown > 0 ? (
            <CardGrid groups={groups} onOccupied={setOccupied} />
          ) : (
            <Nothing total={total} query={filters.query} />
          )}
          <RemediationBar />
        </>
      ) : (
        <Waiting />
      )}
    </>
  );
}

function Nothing({ total, query }: { total: number; query: string }) {
  if (total > 0) {
    return (
      <Notice look="unknown" title="No service matches">
        <p>
          None of the {total} services has “{query}” in its name, group, image or state.
        </p>
      </Notice>
    );
  }
  return (
    <Notice look="unknown" title="No services yet">
      <p>A container becomes a managed service with one label, in any compose project on this host:</p>
      <pre>
        {
          'services:\n  billing:\n    labels:\n      incidentops.service: billing\n      incidentops.probe: http://:8000/health'
        }
      </pre>
      <p>It shows up here the moment it is created.</p>
    </Notice>
  );
}
