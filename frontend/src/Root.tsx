import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import type { ReactNode } from 'react';
import { DeskContext, type ActionDesk } from './actions/desk';
import { RemediationContext, type RemediationDesk } from './remediation/desk';
import { LiveContext, type Live } from './live/hooks';
import { cssVariables, theme } from './styles/theme';

const colourScheme = localStorageColorSchemeManager({ key: 'incidentops-colour-scheme' });

/** The nonce that the policy of this answer allows, as nginx wrote it into the page. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

// Mantine's dialogs lock the scrolling through a library that asks here.
setNonce(styleNonce());

interface RootProps {
  live: Live;
  desk: ActionDesk;
  remediation: RemediationDesk;
  queries: QueryClient;
  /** `test` shows dialogs at once, without transitions. */
  env?: 'default' | 'test';
  children: ReactNode;
}

/** Everything that pages find around them. */
export function Root({ live, desk, remediation, queries, env = 'default', children }: RootProps) {
  return (
    <MantineProvider
      env={env}
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colourScheme}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>
        <LiveContext value={live}>
          <DeskContext value={desk}>
            <RemediationContext value={remediation}>{children}</RemediationContext>
          </DeskContext>
        </LiveContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}
