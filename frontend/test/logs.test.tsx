import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogBatch, LogLine } from '../src/api/types';
import type { LogSink } from '../src/live/connection';
import { asFile, entryOf, filtered, isGap, summaryOf, type Item } from '../src/logs/entries';
import { LINES_KEPT, LogFeed } from '../src/logs/feed';
import LogView from '../src/logs/LogView';
import { service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

let second = 0;
const line = (text: string, change: Partial<LogLine> = {}): LogLine => {
  second += 1;
  const at = new Date(Date.UTC(2026, 1, 3, 12, 0, second)).toISOString();
  return { at, stream: 'stdout', text, container: '0123456789ab', ...change };
};
const batch = (...texts: string[]): LogBatch => ({
  service: 'redis',
  lines: texts.map((text) => line(text)),
  skipped: 0,
});
const texts = (items: readonly Item[]) => items.map((item) => (isGap(item) ? `-${item.skipped}-` : item.text));

describe('a line', () => {
  it.each([
    ['ERROR connection refused', 'error'],
    ['2026-02-03 12:00:00 UTC [41] FATAL:  role "x" does not exist', 'error'],
    ['time=1 level=warn msg=slow', 'warn'],
    ['[info] listening', 'info'],
    ['{"level":"debug","msg":"x"}', 'debug'],
    ['{"severity":"CRITICAL","message":"x"}', 'error'],
    ['no terrors here, for your information', null],
    ['{not json}', null],
  ])('%s has the level %s', (text, level) => expect(entryOf(line(text), 1).level).toBe(level));

  it('loses the codes that colour a terminal', () => {
    expect(entryOf(line('\u001b[32mINFO\u001b[0m ready'), 1)).toMatchObject({ text: 'INFO ready', level: 'info' });
  });

  it('of JSON says its message first and then the other fields', () => {
    const entry = entryOf(line('{"level":"error","event":"refused","order":4711,"by":{"id":1}}'), 1);
    expect(summaryOf(entry)).toEqual({ message: 'refused', rest: 'order=4711 by={"id":1}' });
  });
});

describe('the filter', () => {
  const items = ['ERROR one', 'WARN two', 'three ONE'].map((text, key) => entryOf(line(text), key));

  it('finds plain text in any case', () => {
    expect(texts(filtered(items, 'one', 'all'))).toEqual(['ERROR one', 'three ONE']);
    expect(texts(filtered(items, '.*', 'all'))).toEqual([]);
  });

  it('keeps lines from a level on', () => {
    expect(texts(filtered(items, '', 'warn'))).toEqual(['ERROR one', 'WARN two']);
    expect(texts(filtered(items, '', 'error'))).toEqual(['ERROR one']);
  });

  it('is what the file holds, gaps named', () => {
    expect(asFile([{ key: 9, skipped: 3 }, ...items.slice(0, 1)])).toMatch(
      /^… 3 lines skipped …\n.* stdout ERROR one\n$/,
    );
  });
});

describe('the feed', () => {
  it('tells how many lines were skipped before the next', () => {
    const feed = new LogFeed();
    feed.take(batch('a'));
    feed.take({ ...batch('b'), skipped: 7 });
    expect(texts(feed.get().items)).toEqual(['a', '-7-', 'b']);
  });

  it('stands still while it is paused, counts what waits and then shows it', () => {
    const feed = new LogFeed();
    feed.take(batch('a'));
    feed.pause();
    feed.take(batch('b', 'c'));
    expect(feed.get()).toMatchObject({ paused: true, waiting: 2 });
    expect(texts(feed.get().items)).toEqual(['a']);
    feed.resume();
    expect(texts(feed.get().items)).toEqual(['a', 'b', 'c']);
  });

  it('keeps only the newest lines', () => {
    const feed = new LogFeed();
    feed.take(batch(...Array.from({ length: LINES_KEPT + 10 }, (_, index) => String(index))));
    expect(feed.get().items).toHaveLength(LINES_KEPT);
    expect(texts(feed.get().items)[0]).toBe('10');
  });

  it('takes a line only once when a stream begins again', () => {
    const feed = new LogFeed();
    const first = batch('a', 'b');
    feed.begin();
    feed.take(first);
    feed.begin();
    feed.take({ ...first, lines: [...first.lines, line('c')] });
    expect(texts(feed.get().items)).toEqual(['a', 'b', 'c']);
  });
});

describe('the log of a service', () => {
  beforeEach(() => {
    // jsdom lays nothing out; the list draws what fits into its box.
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(18);
    Element.prototype.scrollTo = () => undefined;
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  function open(address = '/') {
    const followed: { service: string; sink: LogSink }[] = [];
    const left = vi.fn();
    const logs = {
      followLogs: (name: string, sink: LogSink) => {
        followed.push({ service: name, sink });
        return left;
      },
    };
    const panel = renderPanel(<LogView service="redis" replicas={1} />, {
      store: liveStore(snapshot(1, [service('redis')])),
      logs,
      address,
    });
    const write = (...written: string[]) => act(() => followed[0]?.sink.take(batch(...written)));
    return { ...panel, followed, left, write };
  }

  it('is followed while it is shown and let go afterwards', () => {
    const { followed, left, unmount } = open();
    expect(followed.map((each) => each.service)).toEqual(['redis']);
    unmount();
    expect(left).toHaveBeenCalledOnce();
  });

  it('shows foreign text as text', () => {
    const { write } = open();
    write('<img src=x onerror=alert(1)>');
    expect(screen.getByRole('log')).toHaveTextContent('<img src=x onerror=alert(1)>');
    expect(document.querySelector('img')).toBeNull();
  });

  it('opens the fields of a JSON line', async () => {
    const { write } = open();
    write('{"level":"error","msg":"refused","order":4711}');
    await userEvent.click(screen.getByRole('button', { name: 'Fields of: refused' }));
    expect(screen.getByText(/"order": 4711/)).toBeInTheDocument();
  });

  it('pauses and says how many lines wait', async () => {
    const { write } = open();
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
    write('a', 'b');
    expect(screen.queryByText('a')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Follow (2 new)' }));
    expect(screen.getByRole('log')).toHaveTextContent('b');
  });

  it('takes its filter from the address', () => {
    const { write } = open('/?q=refused');
    write('accepted', 'refused');
    expect(screen.getByRole('log')).not.toHaveTextContent('accepted');
    expect(screen.getByText('1 of 2 lines')).toBeInTheDocument();
  });
});
