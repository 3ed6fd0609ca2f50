import { Button } from '@mantine/core';

/** Fetches the whole panel anew, with what was updated. */
export function ReloadButton() {
  return (
    <Button variant="default" onClick={() => window.location.reload()}>
      Load the panel again
    </Button>
  );
}
