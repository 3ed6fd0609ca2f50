import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { SEVERITIES } from '../api/incidents';
import type { Team, User } from '../api/oncall';
import { Problem } from '../frame/Problem';
import { AddButton } from './AddButton';
import { Frame } from './Frame';
import { useEntries } from './useEntries';
import classes from './OnCall.module.css';

/** `/oncall/people`: teams with what they answer for, and people with how they are reached. */
export default function PeoplePage() {
  const teams = useEntries('teams');
  const users = useEntries('users');
  return (
    <Frame title="People and teams">
      <Problem text={teams.problem ?? users.problem} />
      {(teams.loading || users.loading) && <Skeleton height={180} radius={6} />}
      <section className={classes.panel} aria-labelledby="teams">
        <h2 id="teams">Teams</h2>
        <ul className={classes.list}>
          {teams.items.map((team) => (
            <TeamRow key={team.name} team={team} />
          ))}
        </ul>
        <AddButton to="/oncall/teams/new" what="team" />
      </section>
      <section className={classes.panel} aria-labelledby="people">
        <h2 id="people">People, chat channels, ticket queues</h2>
        <ul className={classes.list}>
          {users.items.map((user) => (
            <UserRow key={user.name} user={user} />
          ))}
        </ul>
        <AddButton to="/oncall/users/new" what="user" />
      </section>
    </Frame>
  );
}

function TeamRow({ team }: { team: Team }) {
  const services = team.services.length === 0 ? 'every service without a team' : team.services.join(', ');
  const policies = SEVERITIES.map((severity) => `${severity}: ${team.policies[severity] ?? 'nobody is paged'}`);
  return (
    <li className={classes.row}>
      <Link className={classes.name} to={`/oncall/teams/${team.name}`}>
        {team.name}
      </Link>
      <span className={classes.detail}>
        {services} · {policies.join(' · ')}
        <br />
        {team.members.length === 0 ? 'nobody in it' : team.members.join(', ')}
      </span>
    </li>
  );
}

function UserRow({ user }: { user: User }) {
  const methods = user.methods.map((method) => `${method.channel} ${method.target}`.trim());
  return (
    <li className={classes.row}>
      <Link className={classes.name} to={`/oncall/users/${user.name}`}>
        {user.name}
      </Link>
      <span className={classes.detail}>
        {[user.full_name, user.role, user.zone].filter(Boolean).join(' · ')}
        <br />
        {methods.length === 0 ? 'cannot be reached' : methods.join(' → ')}
      </span>
    </li>
  );
}
