import { Skeleton } from '@mantine/core';
import type { Policy, Team, User } from '../api/oncall';
import { briefly } from '../time/format';
import { Frame, Problem } from './Frame';
import { useEntries } from './useEntries';
import classes from './OnCall.module.css';

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** `/oncall/policies`: who is paged after whom, for which team, and how each of them is reached. */
export default function PoliciesPage() {
  const policies = useEntries('escalation-policies');
  const teams = useEntries('teams').items;
  const users = useEntries('users').items;
  return (
    <Frame title="Policies and contacts">
      <Problem text={policies.problem} />
      {policies.loading && <Skeleton height={180} radius={6} />}
      <section className={classes.panel} aria-labelledby="teams">
        <h2 id="teams">Teams</h2>
        <ul className={classes.list}>
          {teams.map((team) => (
            <TeamRow key={team.name} team={team} />
          ))}
        </ul>
      </section>
      {policies.items.map((policy) => (
        <PolicyCard key={policy.name} policy={policy} />
      ))}
      <section className={classes.panel} aria-labelledby="contacts">
        <h2 id="contacts">Contacts</h2>
        <ul className={classes.list}>
          {users.map((user) => (
            <UserRow key={user.name} user={user} />
          ))}
        </ul>
      </section>
    </Frame>
  );
}

function TeamRow({ team }: { team: Team }) {
  const services = team.services.length === 0 ? 'every service without a team' : team.services.join(', ');
  const policies = SEVERITIES.map((severity) => `${severity}: ${team.policies[severity] ?? 'nobody is paged'}`);
  return (
    <li className={classes.row}>
      <span className={classes.name}>{team.name}</span>
      <span className={classes.detail}>
        {services} · {policies.join(' · ')}
      </span>
    </li>
  );
}

function PolicyCard({ policy }: { policy: Policy }) {
  const again = policy.repeat === 0 ? '' : `, then ${policy.repeat} times more`;
  const timeout = policy.ack_timeout_seconds;
  return (
    <section className={classes.panel} aria-label={`Policy ${policy.name}`}>
      <div className={classes.row}>
        <h2>{policy.name}</h2>
        <span className={classes.detail}>{policy.description}</span>
      </div>
      <ol>
        {policy.steps.map((step, index) => (
          <li key={index}>
            Page {step.targets.map((target) => `${target.kind} ${target.name}`).join(' and ')}, wait{' '}
            {briefly(step.wait_seconds)}
          </li>
        ))}
      </ol>
      <span className={classes.detail}>
        Gone through once{again}.
        {timeout !== null && ` An acknowledgement without further work holds for ${briefly(timeout)}.`}
      </span>
    </section>
  );
}

function UserRow({ user }: { user: User }) {
  const methods = user.methods.map((method) => `${method.channel} ${method.target}`.trim());
  return (
    <li className={classes.row}>
      <span className={classes.name}>{user.name}</span>
      <span className={classes.detail}>
        {[user.full_name, user.role, user.zone].filter(Boolean).join(' · ')}
        <br />
        {methods.length === 0 ? 'cannot be reached' : methods.join(' → ')}
      </span>
    </li>
  );
}
