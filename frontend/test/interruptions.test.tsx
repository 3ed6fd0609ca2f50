import { useToggle } from '@mantine/hooks';
import { onlineManager, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { post, request } from '../src/api/client';
import { newQueries } from '../src/api/queries';
import { lazyPart } from '../src/frame/lazyPart';
import { renderPanel } from './render';

const Greeting = ({ name }: { name: string }) => <p>hello {name}</p>;
const BROKEN_OFF = new TypeError('Failed to fetch dynamically imported module');

/** Its code arrives only after so many failures. */
function partArrivingAfter(failures: number) {
  const load = vi.fn().mockResolvedValue({ default: Greeting });
  for (let failed = 0; failed < failures; failed += 1) load.mockRejectedValueOnce(BROKEN_OFF);
  return { load, Part: lazyPart<{ name: string }>('Greeting', load, <p>coming</p>) };
}

afterEach(() => {
  onlineManager.setOnline(true);
  vi.restoreAllMocks();
});

describe('a part whose code does not arrive', () => {
  it('is fetched once more by itself', async () => {
    const { load, Part } = partArrivingAfter(1);
    renderPanel(<Part name="alice" />);
    expect(screen.getByText('coming')).toBeInTheDocument();
    expect(await screen.findByText('hello alice')).toBeInTheDocument();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('says so, in the frame, and is fetched again when it is asked for', async () => {
    const { Part } = partArrivingAfter(2);
    renderPanel(<Part name="alice" />);
    expect(await screen.findByRole('status')).toHaveTextContent('The services are not affected.');
    expect(screen.getByRole('button', { name: 'Load the panel again' })).toBeEnabled();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('hello alice')).toBeInTheDocument();
  });

  it('is fetched anew when somebody comes back to it', async () => {
    const { Part } = partArrivingAfter(2);
    const Panel = () => {
      const [present, toggle] = useToggle();
      return (
        <>
          <button onClick={() => toggle()}>go</button>
          {present && <Part name="alice" />}
        </>
      );
    };
    renderPanel(<Panel />);
    const go = () => userEvent.click(screen.getByRole('button', { name: 'go' }));
    await go();
    expect(await screen.findByRole('status')).toBeInTheDocument();
    await go();
    await go();
    expect(await screen.findByText('hello alice')).toBeInTheDocument();
  });
});

describe('a read', () => {
  /** What a page shows of a read whose first answers are these. */
  function page(...answers: (() => Promise<Response>)[]) {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(Response.json('all well')));
    for (const answer of answers) fetched.mockImplementationOnce(answer);
    const Page = () => {
      const { data, error } = useQuery({ queryKey: ['it'], queryFn: () => request<string>('/it') });
      return <p>{error?.message ?? data}</p>;
    };
    render(
      <QueryClientProvider client={newQueries()}>
        <Page />
      </QueryClientProvider>,
    );
    return fetched;
  }

  it.each([
    ['was broken off', () => Promise.reject(new TypeError('network error'))],
    ['was cut in the middle', () => Promise.resolve(new Response('{"items": [', { status: 200 }))],
    ['was not answered by the backend', () => Promise.resolve(new Response('', { status: 503 }))],
  ])('that %s is tried once more', async (_, first) => {
    page(first);
    expect(await screen.findByText('all well')).toBeInTheDocument();
  });

  it('that was refused stays so', async () => {
    const refusal = { type: 'about:blank', title: 'Not found', status: 404, detail: 'There is no incident 7.' };
    const headers = { 'content-type': 'application/problem+json' };
    const fetched = page(() => Promise.resolve(new Response(JSON.stringify(refusal), { status: 404, headers })));
    expect(await screen.findByText('There is no incident 7.')).toBeInTheDocument();
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('is made where the browser believes itself offline: the panel may be on this machine', async () => {
    onlineManager.setOnline(false);
    page();
    expect(await screen.findByText('all well')).toBeInTheDocument();
  });
});

it('a write that nobody answered is sent once, and says that its outcome is not known', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('network error'));
  await expect(post('/stop/redis')).rejects.toThrow(
    'It is not known whether this was done: look before you try again.',
  );
  expect(fetched).toHaveBeenCalledTimes(1);
});
