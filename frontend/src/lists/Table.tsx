import type { ReactNode } from 'react';
import classes from './Table.module.css';

interface TableProps {
  /** "Table of actions" */
  readonly label: string;
  readonly columns: readonly string[];
  /** Within a panel, which has a frame already. */
  readonly inside?: boolean;
  /** Each row on one line; cells of class `text` are wrapped all the same. */
  readonly tight?: boolean;
  /** Its rows. */
  readonly children: ReactNode;
}

/** A table that may be wider than a phone: its box scrolls, not the page. */
export function Table({ label, columns, inside = false, tight = false, children }: TableProps) {
  return (
    <div className={inside ? classes.inside : classes.box} role="region" aria-label={label} tabIndex={0}>
      <table className={classes.table} data-tight={tight || undefined}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
