import { useVirtualizer } from '@tanstack/react-virtual';
import { IconChevronRight } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState, type RefObject } from 'react';
import { clockTime, exactTime } from '../time/format';
import { isGap, summaryOf, type Entry, type Item } from './entries';
import classes from './LogLines.module.css';

const LINE_HEIGHT = 18;
/** Within this distance of the end somebody reads the newest lines. */
const NEAR_END = 40;
const BY_HAND = ['wheel', 'touchmove', 'keyup', 'pointerup'] as const;

interface LogLinesProps {
  items: readonly Item[];
  label: string;
  wrap: boolean;
  /** The newest line stays in sight. */
  following: boolean;
  withContainer: boolean;
  empty: string;
  /** Somebody scrolled back. */
  onLeaveEnd: () => void;
}

/** Thousands of lines of which only those in sight are drawn. */
export function LogLines({ items, label, wrap, following, withContainer, empty, onLeaveEnd }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoizes this component
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 20,
  });
  const newest = items.at(-1)?.key;
  useEffect(() => {
    if (following && items.length > 0) rows.scrollToIndex(items.length - 1, { align: 'end' });
  }, [following, newest, items.length, wrap, rows]);

  const toggle = (key: number): void =>
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  useLeavingEnd(box, following, onLeaveEnd);
  return (
    <div
      ref={box}
      className={classes.box}
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      data-wrap={wrap || undefined}
      data-testid="log-lines"
    >
      {items.length === 0 && <p className={classes.empty}>{empty}</p>}
      <div className={classes.all} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className={classes.row}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {isGap(item) ? (
                <p className={classes.gap}>{item.skipped} lines skipped: this browser was too slow for them</p>
              ) : (
                <Line entry={item} opened={opened.has(item.key)} withContainer={withContainer} onToggle={toggle} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Tells when somebody, by whatever hand, scrolled away from the newest line. */
function useLeavingEnd(box: RefObject<HTMLDivElement | null>, following: boolean, onLeaveEnd: () => void): void {
  useEffect(() => {
    const scrolled = box.current;
    if (scrolled === null || !following) return undefined;
    const look = (): void => {
      const { scrollTop, clientHeight, scrollHeight } = scrolled;
      if (scrollHeight - scrollTop - clientHeight > NEAR_END) onLeaveEnd();
    };
    // Only a person's own movements count: new lines move the list too.
    const byHand = (): number => window.requestAnimationFrame(look);
    for (const event of BY_HAND) scrolled.addEventListener(event, byHand, { passive: true });
    return () => BY_HAND.forEach((event) => scrolled.removeEventListener(event, byHand));
  }, [box, following, onLeaveEnd]);
}

interface LineProps {
  entry: Entry;
  opened: boolean;
  withContainer: boolean;
  onToggle: (key: number) => void;
}

const Line = memo(function Line({ entry, opened, withContainer, onToggle }: LineProps) {
  const { line, level, fields } = entry;
  const { message, rest } = summaryOf(entry);
  return (
    <>
      <p className={classes.line} data-level={level ?? undefined} data-stream={line.stream}>
        <time dateTime={line.at} title={exactTime(line.at)}>
          {clockTime(line.at)}
        </time>
        {withContainer && <span className={classes.container}>{line.container.slice(0, 6)}</span>}
        <span className={classes.level}>{level ?? ''}</span>
        {fields !== null && (
          <button
            type="button"
            className={classes.fold}
            aria-expanded={opened}
            aria-label={`Fields of: ${message}`}
            onClick={() => onToggle(entry.key)}
          >
            <IconChevronRight size={12} />
          </button>
        )}
        <span className={classes.text}>
          {message}
          {rest !== '' && <span className={classes.rest}> {rest}</span>}
        </span>
      </p>
      {opened && <pre className={classes.fields}>{JSON.stringify(fields, null, 2)}</pre>}
    </>
  );
});
