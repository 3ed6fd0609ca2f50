import { Controls, MarkerType, ReactFlow, type Edge, type Node } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useMemo } from 'react';
import type { Service } from '../api/types';
import { useServices } from '../live/hooks';
import { blastRadius, needsOf, structureKey } from './graph';
import { layOut, NODE_HEIGHT, NODE_WIDTH } from './layout';
import { ServiceNode, type NodeData, type Role } from './ServiceNode';
import classes from './DependencyMap.module.css';

/** A picture that would have to be smaller than this begins with its middle; the rest is a drag away. */
const READABLE = 0.55;
/** From here on names are written larger, because the picture is smaller. */
const CROWDED = 40;

const NODE_TYPES = { service: ServiceNode };

interface MapProps {
  selected: string | null;
  onSelect: (name: string | null) => void;
}

type RoleOf = (name: string) => Role;

/** Who stands on whom, with the live state of each and what a selected one would take along. */
export function DependencyMap({ selected, onSelect }: MapProps) {
  const services = useServices();
  const structure = structureKey(services);
  // States change all the time, dependencies hardly ever: only these make a new picture.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `structure` stands for what matters of `services`
  const places = useMemo(() => layOut(graphOf(services)), [structure]);
  const down = [...services.values()].filter((service) => service.status === 'DOWN').map((service) => service.name);
  const downKey = down.join('\n');
  const { nodes, edges } = useMemo(() => {
    const roleOf = rolesAround(selected, services);
    return { nodes: nodesOf(places, roleOf, onSelect), edges: edgesOf(services, roleOf, new Set(downKey.split('\n'))) };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as above, and the nodes follow their state themselves
  }, [places, selected, onSelect, downKey]);
  return (
    <div className={classes.map} data-testid="topology" data-crowded={services.size > CROWDED || undefined}>
      <ReactFlow
        key={structure}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={{ padding: 0.06, minZoom: READABLE, maxZoom: 1.15 }}
        minZoom={0.15}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        proOptions={{ hideAttribution: true }}
        onPaneClick={() => onSelect(null)}
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function graphOf(services: ReadonlyMap<string, Service>): Map<string, readonly string[]> {
  return new Map([...services.values()].map((service) => [service.name, service.depends_on]));
}

function rolesAround(selected: string | null, services: ReadonlyMap<string, Service>): RoleOf {
  if (selected === null || !services.has(selected)) return () => 'plain';
  const suffers = blastRadius(selected, services);
  const needed = needsOf(selected, services);
  return (name) => {
    if (name === selected) return 'selected';
    if (suffers.has(name)) return 'suffers';
    return needed.has(name) ? 'needed' : 'other';
  };
}

function nodesOf(
  places: ReadonlyMap<string, { x: number; y: number }>,
  roleOf: RoleOf,
  onSelect: (name: string) => void,
): Node<NodeData>[] {
  return [...places].map(([name, position]) => ({
    id: name,
    type: 'service',
    position,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    data: { role: roleOf(name), onSelect },
  }));
}

function edgesOf(services: ReadonlyMap<string, Service>, roleOf: RoleOf, down: ReadonlySet<string>): Edge[] {
  return [...services.values()].flatMap((service) =>
    service.depends_on
      .filter((need) => services.has(need))
      .map((need) => {
        const look = edgeLook(roleOf(service.name), roleOf(need), down.has(need));
        return {
          id: `${service.name}\n${need}`,
          source: service.name,
          target: need,
          className: classes[look] ?? '',
          markerEnd: { type: MarkerType.ArrowClosed, color: MARKERS[look], width: 14, height: 14 },
        };
      }),
  );
}

type EdgeLook = 'line' | 'broken' | 'carries' | 'faint';

const MARKERS: Record<EdgeLook, string> = {
  line: 'var(--line-strong)',
  broken: 'var(--down-solid)',
  carries: 'var(--down-solid)',
  faint: 'var(--line)',
};

/** `carries`: along it the selected one takes others down; `broken`: what it leads to is down. */
function edgeLook(from: Role, to: Role, isDown: boolean): EdgeLook {
  if (from === 'suffers' && (to === 'suffers' || to === 'selected')) return 'carries';
  if (from === 'other' || to === 'other') return 'faint';
  return isDown ? 'broken' : 'line';
}
