import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { Notice } from './Notice';

interface State {
  failed: boolean;
}

/**
 * Keeps the frame when a page cannot be drawn, most often because the panel was replaced by a
 * newer build and a part of the old one is gone. Give it the address as `key`: going on resets it.
 */
export class PageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Notice look="unhealthy" title="This page could not be shown">
        <p>The panel may have been updated since it was loaded. The services are not affected.</p>
        <Button mt="md" onClick={() => window.location.reload()}>
          Load the panel again
        </Button>
      </Notice>
    );
  }
}
