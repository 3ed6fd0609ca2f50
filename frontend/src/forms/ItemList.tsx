import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useFieldError } from './fields';
import { moved, replacedAt } from './lists';
import classes from './Form.module.css';

interface ItemListProps<T> {
  /** Of one item: "step". */
  readonly noun: string;
  readonly path: string;
  readonly items: readonly T[];
  readonly onSet: (items: readonly T[]) => void;
  /** What `Add` adds. */
  readonly fresh: () => T;
  readonly children: (item: T, set: (item: T) => void, place: number) => ReactNode;
}

/** Items in an order that counts: added, taken away and moved by buttons, which keep the focus on what moved. */
export function ItemList<T>({ noun, path, items, onSet, fresh, children }: ItemListProps<T>) {
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<string | null>(null);
  const error = useFieldError(path);
  useEffect(() => {
    if (wanted.current !== null) list.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = null;
  }, [items]);
  const move = (from: number, to: number): void => {
    onSet(moved(items, from, to));
    wanted.current = `:scope > li:nth-child(${to + 1}) [data-move]:enabled`;
  };
  return (
    <>
      <ol className={classes.items} ref={list}>
        {items.map((item, place) => (
          <li key={place} className={classes.item} aria-label={`${noun} ${place + 1}`}>
            <div className={classes.itemFields}>
              {children(item, (changed) => onSet(replacedAt(items, place, changed)), place)}
            </div>
            <ItemButtons
              name={`${noun} ${place + 1}`}
              up={place === 0 ? null : () => move(place, place - 1)}
              down={place === items.length - 1 ? null : () => move(place, place + 1)}
              remove={() => onSet(items.toSpliced(place, 1))}
            />
          </li>
        ))}
      </ol>
      {error !== false && <p className={classes.error}>{error}</p>}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => {
          onSet([...items, fresh()]);
          wanted.current = `:scope > li:nth-child(${items.length + 1}) :is(input, select)`;
        }}
      >
        Add {noun}
      </Button>
    </>
  );
}

interface ItemButtonsProps {
  readonly name: string;
  readonly up: (() => void) | null;
  readonly down: (() => void) | null;
  readonly remove: () => void;
}

function ItemButtons({ name, up, down, remove }: ItemButtonsProps) {
  return (
    <div className={classes.itemButtons}>
      <ActionIcon
        variant="subtle"
        aria-label={`Move ${name} up`}
        data-move
        disabled={up === null}
        onClick={() => up?.()}
      >
        <IconArrowUp size={15} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        aria-label={`Move ${name} down`}
        data-move
        disabled={down === null}
        onClick={() => down?.()}
      >
        <IconArrowDown size={15} />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={`Remove ${name}`} onClick={remove}>
        <IconTrash size={15} />
      </ActionIcon>
    </div>
  );
}
