import { Chip } from '@mantine/core';
import { CHANNELS, type Channel, type ContactMethod, type Urgency, type User } from '../../api/oncall';
import { ChoiceField, TextField } from '../../forms/fields';
import { TestButton } from './TestButton';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

interface Words {
  readonly label: string;
  /** What its target is; null when it needs none. */
  readonly target: string | null;
  readonly example: string;
}

const WORDS: Record<Channel, Words> = {
  webhook: { label: 'Webhook', target: 'URL', example: 'https://hooks.example/alice' },
  email: { label: 'Email', target: 'Address', example: 'alice@example.org' },
  slack: { label: 'Slack', target: 'Webhook URL', example: 'https://hooks.slack.com/services/…' },
  ntfy: { label: 'ntfy', target: 'URL of the topic', example: 'https://ntfy.sh/alice-pages' },
  apprise: { label: 'Apprise', target: 'Apprise URL', example: 'tgram://token/chat' },
  panel: { label: 'This panel', target: null, example: '' },
  browser: { label: 'Browser notification', target: null, example: '' },
  log: { label: 'Log of the backend', target: null, example: '' },
};

interface MethodFieldsProps {
  readonly method: ContactMethod;
  readonly place: number;
  readonly user: User | undefined;
  readonly onSet: (method: ContactMethod) => void;
}

/** One way to reach somebody. */
export function MethodFields({ method, place, user, onSet }: MethodFieldsProps) {
  const words = WORDS[method.channel];
  const channel = (value: string | null): Channel => CHANNELS.find((each) => each === value) ?? method.channel;
  return (
    <div className={classes.method}>
      <div className={forms.fields}>
        <ChoiceField
          path={`methods.${place}.channel`}
          label="Channel"
          data={CHANNELS.map((value) => ({ value, label: WORDS[value].label }))}
          value={method.channel}
          onSet={(value) => onSet({ ...method, channel: channel(value), target: '' })}
        />
        {words.target !== null && (
          <TextField
            path={`methods.${place}.target`}
            label={words.target}
            placeholder={words.example}
            value={method.target}
            onSet={(target) => onSet({ ...method, target })}
          />
        )}
        <Urgencies chosen={method.urgencies} onSet={(urgencies) => onSet({ ...method, urgencies })} />
      </div>
      <div className={forms.buttons}>
        <TestButton method={method} user={user} place={place} />
      </div>
    </div>
  );
}

function Urgencies({ chosen, onSet }: { chosen: readonly Urgency[]; onSet: (urgencies: readonly Urgency[]) => void }) {
  return (
    <div role="group" aria-label="For messages of urgency" className={forms.days}>
      <Chip.Group multiple value={[...chosen]} onChange={(values: string[]) => onSet(values as Urgency[])}>
        <Chip size="xs" variant="outline" value="high">
          Pages
        </Chip>
        <Chip size="xs" variant="outline" value="low">
          Low urgency
        </Chip>
      </Chip.Group>
    </div>
  );
}
