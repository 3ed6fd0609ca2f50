import { Button, Group, Modal, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useDesk, useStarted } from './desk';

/** Says that the service somebody started here runs again. */
export function StartPopup() {
  const desk = useDesk();
  const message = useStarted();
  const close = () => desk.closeStarted();
  return (
    <Modal opened={message !== null} onClose={close} title="Service started" centered size="sm">
      <Group gap="sm" wrap="nowrap" align="flex-start" data-look="up">
        <IconCircleCheck size={22} color="var(--look)" aria-hidden="true" />
        <Text>{message}</Text>
      </Group>
      <Group justify="flex-end" mt="md">
        <Button onClick={close} data-autofocus>
          OK
        </Button>
      </Group>
    </Modal>
  );
}
