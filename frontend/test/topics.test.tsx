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

function told() {
  const listeners = new Map<Topic, () => void>();
  const joinTopic = (topic: Topic, changed: () => void) => {
    listeners.set(topic, changed);
    return () => listeners.delete(topic);
  };
  return { listeners, topics: { joinTopic } };
}

it('reads again what changed, once for all that changed during a read', async () => {
  const { listeners, topics } = told();
  const answers: ((count: number) => void)[] = [];
  const read = vi.fn(() => new Promise<number>((resolve) => answers.push(resolve)));
  renderPanel(<Count read={read} />, { topics });
  answers[0]?.(1);
  expect(await screen.findByText('1')).toBeInTheDocument();
  for (let change = 0; change < 5; change += 1) listeners.get('incidents')?.();
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
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
