import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';

interface RemoveButtonProps {
  /** "the user alice" */
  readonly what: string;
  readonly busy: boolean;
  readonly onRemove: () => void;
}

/** Removes an entry after one more question. */
export function RemoveButton({ what, busy, onRemove }: RemoveButtonProps) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" loading={busy} onClick={() => setAsked(true)}>
        Remove
      </Button>
      <Modal opened={asked} onClose={() => setAsked(false)} title={`Remove ${what}?`} size="sm" centered>
        <Text size="sm">It is refused while others name it; their names are shown then.</Text>
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" data-autofocus onClick={() => setAsked(false)}>
            Cancel
          </Button>
          <Button
            color="red"
            data-danger
            onClick={() => {
              setAsked(false);
              onRemove();
            }}
          >
            Remove
          </Button>
        </Group>
      </Modal>
    </>
  );
}
