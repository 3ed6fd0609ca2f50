import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client';

const SERVER_ERROR = 500;

/** Whether a second try may go better: nothing answered, or what answered is not itself. A refusal stays one. */
export function mayPass(error: Error): boolean {
  if (!(error instanceof ApiError)) return true;
  const { status } = error.problem;
  return status === 0 || status >= SERVER_ERROR;
}

/**
 * Reads are tried twice, writes once. Both also where the browser believes itself offline: the panel may well be on this
 * very machine.
 */
export function newQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 1 && mayPass(error),
        networkMode: 'always',
        refetchOnReconnect: true,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
