import { Group } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Notice } from './Notice';
import { ReloadButton } from './ReloadButton';

interface State {
  failed: boolean;
}

/** Keeps the frame when a page cannot be drawn. Give it the address as `key`: going on resets it. */
export class PageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice look="unhealthy" title="This page could not be shown">
        <p>
          The panel made a mistake while drawing it. The services are not affected, and the other pages work. What went
          wrong is in the console of the browser.
        </p>
        <Group mt="md">
          <ReloadButton />
        </Group>
      </Notice>
    );
  }
}
