import { Handle, Position, useReactFlow, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { FaultMark } from '../faults/FaultMark';
import { useFaultsOn, useService } from '../live/hooks';
import { LedIcon } from '../state/Led';
import { needsAttention, read } from '../state/language';
import { NODE_HEIGHT, NODE_WIDTH } from './layout';
import classes from './ServiceNode.module.css';

/** How a node or line relates to what is selected. */
export type Role = 'selected' | 'suffers' | 'needed' | 'other' | 'plain';

export interface NodeData extends Record<string, unknown> {
  readonly role: Role;
  readonly onSelect: (name: string) => void;
}

/** One service in the graph, in its live state. */
export const ServiceNode = memo(function ServiceNode({ id, data, ...place }: NodeProps) {
  const { role, onSelect } = data as NodeData;
  const { setCenter, getZoom } = useReactFlow();
  const service = useService(id);
  const faulty = useFaultsOn(id).length > 0;
  if (service === undefined) return null;
  const { look, word } = read(service);
  // Walking by keys brings what lies outside into sight; a click is where somebody looks already.
  const bringIntoSight = (node: HTMLElement): void => {
    if (!node.matches(':focus-visible')) return;
    const { positionAbsoluteX: x, positionAbsoluteY: y } = place;
    void setCenter(x + NODE_WIDTH / 2, y + NODE_HEIGHT / 2, { zoom: getZoom() });
  };
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`${classes.node ?? ''} nodrag nopan`}
        // The library makes nodes that cannot be dragged deaf to the pointer.
        style={{ pointerEvents: 'all' }}
        data-look={look}
        data-loud={needsAttention(look) || undefined}
        data-fault={faulty || undefined}
        data-role={role}
        data-testid={`node-${id}`}
        aria-pressed={role === 'selected'}
        aria-label={`${id}, ${word}`}
        title={`${id}: ${word}`}
        onClick={() => onSelect(id)}
        onFocus={(event) => bringIntoSight(event.currentTarget)}
      >
        <LedIcon look={look} size={14} />
        <span className={classes.name}>{id}</span>
        {faulty && <FaultMark service={id} />}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
});
