import { useQuery } from '@tanstack/react-query';
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { Topic } from '../src/live/topics';
import { useTopic } from '../src/live/useTopic';
import { renderPanel } from './render';

function Count({ read }: { read: () => Promise<number> }) {
  useTopic('incidents');
  const { data } = useQuery({ queryKey: ['incidents', 'count'], queryFn: read });
  return <p>{data}</p>;
}

/** Shows something else of the same topic. */
function Watcher() {
  useTopic('incidents');
  return null;
}

function told() {
  const listeners = new Set<() => void>();
  const joinTopic = (_: Topic, changed: () => void) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  };
  const change = () => {
    for (const listener of listeners) listener();
  };
  return { listeners, change, topics: { joinTopic } };
}

it('reads again what changed, once for all who show it and for all that changed during a read', async () => {
  const { change, topics } = told();
  const answers: ((count: number) => void)[] = [];
  const read = vi.fn(() => new Promise<number>((resolve) => answers.push(resolve)));
  renderPanel(
    <>
      <Count read={read} />
      <Watcher />
    </>,
    { topics },
  );
  answers[0]?.(1);
  expect(await screen.findByText('1')).toBeInTheDocument();
  change();
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  for (let changes = 0; changes < 5; changes += 1) change();
  answers[1]?.(2);
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(3));
  answers[2]?.(7);
  expect(await screen.findByText('7')).toBeInTheDocument();
  expect(read).toHaveBeenCalledTimes(3);
});

it('leaves the topic with the page', () => {
  const { listeners, topics } = told();
  const { unmount } = renderPanel(<Count read={() => Promise.resolve(0)} />, { topics });
  expect(listeners.size).toBe(1);
  unmount();
  expect(listeners.size).toBe(0);
});
