import { ActionIcon, SegmentedControl, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconArrowBarToDown, IconClearAll, IconDownload, IconFilter, IconPlayerPauseFilled } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useTypedParam } from '../keys/useTypedParam';
import { asFile, filtered, type Threshold } from './entries';
import { LogLines } from './LogLines';
import { useLogFeed } from './useLogFeed';
import classes from './LogView.module.css';

const THRESHOLDS = [
  { value: 'all', label: 'All' },
  { value: 'warn', label: 'Warnings' },
  { value: 'error', label: 'Errors' },
];

interface LogViewProps {
  service: string;
  /** More than one: lines say which container wrote them. */
  replicas: number;
}

/** What the containers of a service write, live. Filters live in the address. */
export default function LogView({ service, replicas }: LogViewProps) {
  const { feed, state } = useLogFeed(service);
  const [params, setParams] = useSearchParams();
  const [wrap, setWrap] = useState(true);
  const [words, setWords] = useTypedParam('q');
  const threshold = (THRESHOLDS.find(({ value }) => value === params.get('level'))?.value ?? 'all') as Threshold;
  const asked = useDeferredValue(words);
  const shown = useMemo(() => filtered(state.items, asked, threshold), [state.items, asked, threshold]);

  const set = (key: string, value: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '' || value === 'all') after.delete(key);
        else after.set(key, value);
        return after;
      },
      { replace: true },
    );
  return (
    <section className={classes.view} aria-label={`Log of ${service}`}>
      <div className={classes.bar} role="search">
        <TextInput
          className={classes.filter ?? ''}
          size="xs"
          data-filter
          aria-label="Filter lines"
          placeholder="Filter lines"
          leftSection={<IconFilter size={14} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label="Least level"
          data={THRESHOLDS}
          value={threshold}
          onChange={(value) => set('level', value)}
        />
        <Switch size="xs" label="Wrap" checked={wrap} onChange={(event) => setWrap(event.currentTarget.checked)} />
        <span className={classes.count} role="status">
          {shown.length === state.items.length
            ? `${state.items.length} lines`
            : `${shown.length} of ${state.items.length} lines`}
        </span>
        <Tool label="Clear what is shown" onClick={() => feed.clear()} icon={IconClearAll} />
        <Tool label="Download what is shown" onClick={() => download(service, asFile(shown))} icon={IconDownload} />
        <button
          type="button"
          className={classes.follow}
          data-paused={state.paused || undefined}
          onClick={() => (state.paused ? feed.resume() : feed.pause())}
        >
          {state.paused ? <IconArrowBarToDown size={14} /> : <IconPlayerPauseFilled size={13} />}
          {state.paused ? `Follow${state.waiting > 0 ? ` (${state.waiting} new)` : ''}` : 'Pause'}
        </button>
      </div>
      <LogLines
        items={shown}
        label={`Lines of ${service}`}
        wrap={wrap}
        following={!state.paused}
        withContainer={replicas > 1}
        empty={state.items.length === 0 ? 'No line has come yet. What is written shows here at once.' : 'No line fits.'}
        onLeaveEnd={feed.pause}
      />
    </section>
  );
}

interface ToolProps {
  label: string;
  icon: typeof IconDownload;
  onClick: () => void;
}

function Tool({ label, icon: Icon, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        <Icon size={16} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function download(service: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${service.replaceAll('/', '-')}.log`;
  link.click();
  URL.revokeObjectURL(address);
}
