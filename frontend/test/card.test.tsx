import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { StartPopup } from '../src/actions/StartPopup';
import { ApiError } from '../src/api/client';
import { ServiceCard } from '../src/services/ServiceCard';
import { action, service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const NOW = '2026-02-03T12:00:05Z';
const card = (name = 'redis') => <ServiceCard name={name} />;

describe('a card', () => {
  it('turns its LED when the live stream says so', () => {
    const { store } = renderPanel(card(), { store: liveStore(snapshot(1, [service('redis')])) });
    expect(screen.getByTestId('led-redis')).toHaveAttribute('data-state', 'up');
    act(() => {
      store.delta({
        revision: 2,
        server_time: NOW,
        services: [service('redis', { status: 'DOWN', state: 'exited', exit_code: 137 })],
      });
    });
    expect(screen.getByTestId('led-redis')).toHaveAttribute('data-state', 'down');
    expect(screen.getByTestId('card-redis')).toHaveTextContent('exit code 137');
  });

  it('shows the lines of the action log as they arrive', () => {
    const { store } = renderPanel(card(), { store: liveStore(snapshot(1, [service('redis')])) });
    const log = screen.getByTestId('log-redis');
    expect(log).toHaveTextContent('No actions yet');
    act(() => {
      store.delta({
        revision: 2,
        server_time: NOW,
        actions: [action('a', { verb: 'stop', message: 'Service stopped manually' })],
      });
    });
    expect(log).toHaveTextContent('Service stopped manually');
    expect(log).toHaveAttribute('aria-live', 'polite');
  });

  it('shows foreign text as text', () => {
    const name = 'shop/<img src=x onerror=alert(1)>';
    const line = action('a', { service: name, message: '<b>bold</b>' });
    renderPanel(card(name), { store: liveStore(snapshot(1, [service(name)], { actions: { [name]: [line] } })) });
    expect(screen.getByTestId(`log-${name}`)).toHaveTextContent('<b>bold</b>');
    expect(document.querySelector('img')).toBeNull();
  });

  it('says since when the state is unknown', () => {
    renderPanel(card(), { store: liveStore(snapshot(1, [service('redis', { state: 'unknown', age_seconds: 42 })])) });
    expect(screen.getByTestId('led-redis')).toHaveTextContent(/UNKNOWN42 s/);
  });

  it('gives the reason of a misconfigured service', () => {
    renderPanel(card(), {
      store: liveStore(snapshot(1, [service('redis', { misconfigured: 'probe has no scheme' })])),
    });
    expect(screen.getByTestId('card-redis')).toHaveTextContent('probe has no scheme');
  });

  it('shows the last lines of a service in a crash loop', () => {
    renderPanel(card(), {
      store: liveStore(snapshot(1, [service('redis', { state: 'crash_loop', last_log: ['KeyError'] })])),
    });
    expect(screen.getByTestId('log-redis')).toHaveTextContent('KeyError');
  });
});

describe('stopping', () => {
  it('a service that nobody depends on takes one click', async () => {
    const { sent } = renderPanel(card(), { store: liveStore(snapshot(1, [service('redis')])) });
    await userEvent.click(screen.getByRole('button', { name: 'Stop redis' }));
    expect(sent).toEqual(['stop redis']);
  });

  it('a service that others depend on shows them first, with the focus on Cancel', async () => {
    const others = [service('redis'), service('billing', { depends_on: ['redis'] })];
    const { sent } = renderPanel(card(), { store: liveStore(snapshot(1, others)) });
    await userEvent.click(screen.getByRole('button', { name: 'Stop redis' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByRole('list', { name: 'Depends on it' })).toHaveTextContent('billing');
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Cancel' })).toHaveFocus());
    expect(sent).toEqual([]);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Stop redis' }));
    expect(sent).toEqual(['stop redis']);
  });

  it('a protected service is not possible', async () => {
    const { sent } = renderPanel(card(), { store: liveStore(snapshot(1, [service('redis', { protected: true })])) });
    const stop = screen.getByRole('button', { name: 'Stop redis' });
    expect(stop).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(stop);
    await userEvent.hover(stop);
    expect(await screen.findByRole('tooltip')).toHaveTextContent('Protected: it may be restarted, not stopped');
    expect(sent).toEqual([]);
  });

  it('is not possible while the connection is lost', () => {
    const store = liveStore(snapshot(1, [service('redis')]));
    store.lost('transport close');
    renderPanel(card(), { store });
    for (const verb of ['Ping', 'Start', 'Stop']) {
      expect(screen.getByRole('button', { name: `${verb} redis` })).toHaveAttribute('aria-disabled', 'true');
    }
  });
});

describe('the answer', () => {
  const exited = service('redis', { status: 'DOWN', state: 'exited' });

  it('of a start opens the popup with its message', async () => {
    const message = 'Service redis was restarted successfully!!';
    renderPanel(
      <>
        {card()}
        <StartPopup />
      </>,
      {
        store: liveStore(snapshot(1, [exited])),
        answer: () => Promise.resolve({ service: 'redis', status: 'UP', message, action_id: '1' }),
      },
    );
    await userEvent.click(screen.getByRole('button', { name: 'Start redis' }));
    expect(await screen.findByRole('dialog')).toHaveTextContent(message);
    await userEvent.click(screen.getByRole('button', { name: 'OK' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('does not turn the LED by itself: that is left to the live stream', async () => {
    renderPanel(card(), { store: liveStore(snapshot(1, [exited])) });
    await userEvent.click(screen.getByRole('button', { name: 'Start redis' }));
    expect(screen.getByTestId('led-redis')).toHaveAttribute('data-state', 'down');
  });

  it('that is a failure stays on the card until it is dismissed', async () => {
    const problem = {
      type: 'about:blank',
      title: 'The engine could not start it',
      status: 502,
      detail: 'port 6379 is taken',
    };
    const { store } = renderPanel(card(), {
      store: liveStore(snapshot(1, [exited])),
      answer: () => Promise.reject(new ApiError(problem)),
    });
    await userEvent.click(screen.getByRole('button', { name: 'Start redis' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Start failed: The engine could not start itport 6379 is taken',
    );
    act(() => store.snapshot(snapshot(5, [service('redis')])));
    expect(screen.getByRole('alert')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss the error of redis' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('keeps the button busy until it comes', async () => {
    let finish: () => void = () => undefined;
    renderPanel(card(), {
      store: liveStore(snapshot(1, [service('redis')])),
      answer: (name) =>
        new Promise((resolve) => {
          finish = () => resolve({ service: name, status: 'UP', message: 'Ping succeeded', action_id: '1' });
        }),
    });
    const ping = screen.getByRole('button', { name: 'Ping redis' });
    await userEvent.click(ping);
    expect(ping).toHaveAttribute('aria-busy', 'true');
    act(() => finish());
    await waitFor(() => expect(ping).toHaveAttribute('aria-busy', 'false'));
  });
});
