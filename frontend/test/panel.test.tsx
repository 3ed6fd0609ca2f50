import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Profiler } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { PageBoundary } from '../src/frame/PageBoundary';
import { LiveStore } from '../src/live/store';
import { ServiceCard } from '../src/services/ServiceCard';
import { service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const NOW = '2026-02-03T12:00:05Z';
const cast = [service('redis'), service('postgres'), service('backend', { group: 'app', protected: true })];

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the panel', () => {
  it('shows the shape of the page before the first picture', () => {
    renderPanel(<App />);
    expect(screen.getByLabelText('Loading services')).toBeInTheDocument();
  });

  it('says that the backend is away when it cannot be reached at all', () => {
    const store = new LiveStore();
    store.lost('xhr poll error');
    renderPanel(<App />, { store });
    expect(screen.getByText('The backend is away')).toBeInTheDocument();
  });

  it('says how to get a first service when there is none', () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, [])) });
    expect(screen.getByText('No services yet')).toBeInTheDocument();
  });

  it('shows the host in binary units', () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    expect(screen.getByTestId('system-cpu')).toHaveTextContent('units 2free 63 %');
    expect(screen.getByTestId('system-ram')).toHaveTextContent('total 1.0 GiBfree 1.0 MiB');
  });

  it('counts the worst state in one chip', () => {
    const { store } = renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    expect(screen.getByTestId('worst-state')).toHaveTextContent('All 3 up');
    act(() => {
      store.delta({ revision: 2, server_time: NOW, services: [service('redis', { status: 'DOWN', state: 'exited' })] });
    });
    expect(screen.getByTestId('worst-state')).toHaveTextContent('1 down');
    expect(document.title).toBe('1 down · IncidentOps');
  });

  it('shows a banner while the connection is lost and takes it away when it is back', () => {
    const { store } = renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    act(() => store.lost('transport close'));
    expect(screen.getByTestId('lost-banner')).toHaveTextContent(/What you see is \d+ s old/);
    expect(screen.getByTestId('connection')).toHaveTextContent('Offline');
    act(() => store.snapshot(snapshot(9, cast)));
    expect(screen.queryByTestId('lost-banner')).toBeNull();
  });

  it('names the parts of itself that are away', () => {
    const dependencies = [
      { name: 'postgres', state: 'down', since: NOW, detail: 'refused' },
      { name: 'redis', state: 'up', since: NOW, detail: null },
    ] as const;
    renderPanel(<App />, { store: liveStore(snapshot(1, cast, { dependencies: [...dependencies] })) });
    const away = screen.getByRole('list', { name: 'Parts of the panel that are away' });
    expect(
      within(away)
        .getAllByRole('listitem')
        .map((each) => each.textContent),
    ).toEqual(['postgres away']);
  });

  it('filters by what is typed', async () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    await userEvent.type(screen.getByLabelText('Filter services'), 'post');
    await waitFor(() => expect(screen.queryByTestId('card-redis')).toBeNull());
    expect(screen.getByTestId('card-postgres')).toBeInTheDocument();
    expect(screen.getByText('1 of 3 services')).toBeInTheDocument();
  });

  it('takes its filters from the address', () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)), address: '/?q=redis' });
    expect(screen.getByLabelText('Filter services')).toHaveValue('redis');
    expect(screen.queryByTestId('card-postgres')).toBeNull();
  });

  it('opens the page of a service whose name holds a slash', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ items: [], next_cursor: null }));
    const store = liveStore(snapshot(1, [service('shop/billing', { image: 'shop/billing:9' })]));
    renderPanel(<App />, { store, address: '/services/shop/billing' });
    expect(await screen.findByRole('heading', { name: 'shop/billing' })).toBeInTheDocument();
    expect(screen.getByText('shop/billing:9')).toBeInTheDocument();
  });
});

describe('a page that cannot be drawn', () => {
  it('leaves the frame and offers to load the panel again', () => {
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const Broken = () => {
      throw new Error('a part of the old build is gone');
    };
    renderPanel(
      <PageBoundary>
        <Broken />
      </PageBoundary>,
    );
    expect(screen.getByRole('button', { name: 'Load the panel again' })).toBeInTheDocument();
  });
});

describe('the keys', () => {
  it('j and k walk from card to card', async () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    await userEvent.keyboard('j');
    expect(screen.getByTestId('card-backend')).toHaveFocus();
    await userEvent.keyboard('jj');
    expect(screen.getByTestId('card-redis')).toHaveFocus();
    await userEvent.keyboard('k');
    expect(screen.getByTestId('card-postgres')).toHaveFocus();
  });

  it('g and a letter go to a place', async () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    await userEvent.keyboard('gs');
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeInTheDocument();
  });

  it('the question mark shows them', async () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    await userEvent.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keys' })).toBeInTheDocument();
  });

  it('mean nothing while somebody types', async () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, cast)) });
    await userEvent.type(screen.getByLabelText('Filter services'), 'j?');
    expect(screen.getByLabelText('Filter services')).toHaveValue('j?');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('what is down, pinned first', () => {
  const order = () => screen.getAllByRole('article').map((card) => card.getAttribute('data-card'));
  const fall = { revision: 2, server_time: NOW, services: [service('redis', { status: 'DOWN', state: 'exited' })] };

  it('moves at once while nobody is among the cards', () => {
    const { store } = renderPanel(<App />, { store: liveStore(snapshot(1, cast)), address: '/?pin=down' });
    expect(order()).toEqual(['backend', 'postgres', 'redis']);
    act(() => void store.delta(fall));
    expect(order()).toEqual(['redis', 'backend', 'postgres']);
  });

  it.each([
    [
      'the pointer',
      () => userEvent.hover(screen.getByTestId('card-postgres')),
      () => userEvent.unhover(screen.getByTestId('card-postgres')),
    ],
    ['the focus', () => userEvent.keyboard('j'), () => userEvent.click(screen.getByLabelText('Filter services'))],
  ])('stays where it is while %s is there', async (_, enter, leave) => {
    const { store } = renderPanel(<App />, { store: liveStore(snapshot(1, cast)), address: '/?pin=down' });
    await enter();
    act(() => void store.delta(fall));
    expect(order()).toEqual(['backend', 'postgres', 'redis']);
    expect(screen.getByText('Order kept while you are among the cards')).toBeInTheDocument();
    await leave();
    await waitFor(() => expect(order()).toEqual(['redis', 'backend', 'postgres']));
  });
});

describe('a delta', () => {
  it('draws only the cards it names', () => {
    const drawn: string[] = [];
    const cards = ['redis', 'postgres'].map((name) => (
      <Profiler key={name} id={name} onRender={(id) => drawn.push(id)}>
        <ServiceCard name={name} />
      </Profiler>
    ));
    const { store } = renderPanel(cards, { store: liveStore(snapshot(1, cast)) });
    drawn.length = 0;
    act(() => {
      store.delta({ revision: 2, server_time: NOW, services: [service('redis', { status: 'DOWN', state: 'exited' })] });
    });
    expect(new Set(drawn)).toEqual(new Set(['redis']));
  });
});
