import { memo, useRef } from 'react';
import { useOccupied } from './useOccupied';
import { ServiceCard } from '../services/ServiceCard';
import type { Group } from '../state/order';
import classes from './CardGrid.module.css';

interface CardGridProps {
  groups: readonly Group[];
  /** Whether a pointer or the focus is among the cards. */
  onOccupied: (occupied: boolean) => void;
}

/** Up to here every card is drawn whole; beyond, those off screen show their head only. */
const EAGER_CARDS = 48;

/**
 * All cards in one flow, so that a small group wastes no row. A ribbon over the cards tells the
 * groups apart: it begins with the group's name and runs to the group's last card.
 */
export function CardGrid({ groups, onOccupied }: CardGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  useOccupied(grid, onOccupied);
  const lazy = groups.reduce((sum, group) => sum + group.services.length, 0) > EAGER_CARDS;
  return (
    <div ref={grid} className={classes.grid}>
      {groups.map((group) => (
        <GroupOfCards key={group.name} group={group} lazy={lazy} />
      ))}
    </div>
  );
}

const GroupOfCards = memo(function GroupOfCards({ group, lazy }: { group: Group; lazy: boolean }) {
  return (
    <section className={classes.group} aria-label={`Group ${group.name}`}>
      {group.services.map((name, index) => (
        <div key={name} className={classes.cell}>
          <div className={classes.ribbon} data-first={index === 0 || undefined}>
            {index === 0 && (
              <h2 className={classes.heading}>
                {group.name} <span className={classes.count}>{group.services.length}</span>
              </h2>
            )}
          </div>
          <ServiceCard name={name} lazy={lazy} />
        </div>
      ))}
    </section>
  );
});
