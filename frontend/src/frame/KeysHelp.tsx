import { Kbd, Modal } from '@mantine/core';
import { Fragment } from 'react';
import { PLACES } from './places';
import classes from './KeysHelp.module.css';

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['Ctrl', 'K'], 'Search and command palette'],
  ...PLACES.map(({ key, word }) => [['g', key], `Go to ${word}`] as const),
  [['j'], 'Next card'],
  [['k'], 'Previous card'],
  [['Enter'], "Open the card's page"],
  [['a'], 'Acknowledge the incident'],
  [['r'], 'Resolve the incident'],
  [['1', '…', '6'], 'Tick a phase of the incident'],
  [['/'], 'Filter'],
  [['?'], 'Show these keys'],
  [['Esc'], 'Close what is open'],
];

/** The list of keys. */
export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="sm" centered>
      <dl className={classes.keys}>
        {KEYS.map(([keys, meaning]) => (
          <Fragment key={meaning}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="sm">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
