import { Modal } from '@mantine/core';
import { useService, useServices } from '../live/hooks';
import { useAsked, useDesk } from './desk';
import { Effect } from './Effect';
import { dependentsOf } from './policy';

/** The confirmation of a verb that was asked for in the palette, where no card is near. */
export function AskedModal() {
  const desk = useDesk();
  const asked = useAsked();
  const service = useService(asked?.service ?? '');
  const services = useServices();
  const withdraw = () => desk.withdraw();
  return (
    <Modal
      opened={asked !== null && service !== undefined}
      onClose={withdraw}
      withCloseButton={false}
      returnFocus={false}
      centered
      size="auto"
    >
      {asked !== null && service !== undefined && (
        <Effect
          service={service}
          verb={asked.verb}
          dependents={dependentsOf(service.name, services.values())}
          onCancel={withdraw}
          onConfirm={() => void desk.run(asked.service, asked.verb)}
        />
      )}
    </Modal>
  );
}
