import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Items } from './Items';
import classes from './Experiments.module.css';

interface SectionProps<T> {
  readonly id: string;
  readonly title: string;
  /** What each button adds, by its words. */
  readonly adds: Readonly<Record<string, () => T>>;
  readonly noun: string;
  readonly items: readonly T[];
  readonly onSet: (items: T[]) => void;
  readonly children: (item: T, set: (item: T | null) => void) => ReactNode;
}

/** One list of the form, and how it grows. */
export function Section<T>({ id, title, adds, noun, items, onSet, children }: SectionProps<T>) {
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Items noun={noun} items={items} onSet={onSet} className={classes.entry}>
        {children}
      </Items>
      <div className={classes.buttons}>
        {Object.entries(adds).map(([words, fresh]) => (
          <Button key={words} size="xs" variant="default" onClick={() => onSet([...items, fresh()])}>
            {words}
          </Button>
        ))}
      </div>
    </section>
  );
}
