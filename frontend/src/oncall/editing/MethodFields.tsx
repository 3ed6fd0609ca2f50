import { CHANNELS, type Channel, type ContactMethod, type Urgency, type User } from '../../api/oncall';
import { ChipsField } from '../../forms/ChipsField';
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

const URGENCIES = [
  { value: 'high', label: 'Pages' },
  { value: 'low', label: 'Low urgency' },
];

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
        <ChipsField
          path={`methods.${place}.urgencies`}
          label="Used for"
          data={URGENCIES}
          chosen={method.urgencies}
          onSet={(urgencies) => onSet({ ...method, urgencies: urgencies as Urgency[] })}
        />
      </div>
      <div className={forms.buttons}>
        <TestButton method={method} user={user} place={place} />
      </div>
    </div>
  );
}
