import {
  IconBell,
  IconClipboardList,
  IconFlame,
  IconFlask,
  IconHeartbeat,
  IconLayoutDashboard,
  IconPhoneCall,
  IconSettings,
  IconTopologyStar3,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Place {
  readonly path: string;
  readonly word: string;
  /** Second key after `g`. */
  readonly key: string;
  readonly icon: ComponentType<{ size: number; stroke: number }>;
}

/** What the rail, the palette and the keys lead to. Only what exists. */
export const PLACES: readonly Place[] = [
  { path: '/', word: 'Overview', key: 'o', icon: IconLayoutDashboard },
  { path: '/topology', word: 'Topology', key: 't', icon: IconTopologyStar3 },
  { path: '/incidents', word: 'Incidents', key: 'i', icon: IconFlame },
  { path: '/alerts', word: 'Alerts', key: 'l', icon: IconBell },
  { path: '/oncall', word: 'On-call', key: 'c', icon: IconPhoneCall },
  { path: '/remediation', word: 'Remediation', key: 'r', icon: IconHeartbeat },
  { path: '/experiments', word: 'Experiments', key: 'e', icon: IconFlask },
  { path: '/audit', word: 'Audit', key: 'a', icon: IconClipboardList },
  { path: '/settings', word: 'Settings', key: 's', icon: IconSettings },
];
