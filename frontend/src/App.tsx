import { Route, Routes } from 'react-router';
import { lazyPart } from './frame/lazyPart';
import { Shell } from './frame/Shell';
import { Overview } from './overview/Overview';
import { NotFound } from './pages/NotFound';

const OutagePoliciesPage = lazyPart('OutagePoliciesPage', () => import('./incidents/OutagePoliciesPage'));
const ServicePage = lazyPart('ServicePage', () => import('./pages/ServicePage'));
const TopologyPage = lazyPart('TopologyPage', () => import('./topology/TopologyPage'));
const IncidentsPage = lazyPart('IncidentsPage', () => import('./incidents/IncidentsPage'));
const RulesPage = lazyPart('RulesPage', () => import('./incidents/RulesPage'));
const IncidentPage = lazyPart('IncidentPage', () => import('./incidents/IncidentPage'));
const StatisticsPage = lazyPart('StatisticsPage', () => import('./incidents/StatisticsPage'));
const AlertsPage = lazyPart('AlertsPage', () => import('./incidents/AlertsPage'));
const OnCallPage = lazyPart('OnCallPage', () => import('./oncall/OnCallPage'));
const PoliciesPage = lazyPart('PoliciesPage', () => import('./oncall/PoliciesPage'));
const ReplayPage = lazyPart('ReplayPage', () => import('./oncall/ReplayPage'));
const PeoplePage = lazyPart('PeoplePage', () => import('./oncall/PeoplePage'));
const UserPage = lazyPart('UserPage', () => import('./oncall/editing/UserPage'));
const TeamPage = lazyPart('TeamPage', () => import('./oncall/editing/TeamPage'));
const SchedulePage = lazyPart('SchedulePage', () => import('./oncall/editing/SchedulePage'));
const PolicyPage = lazyPart('PolicyPage', () => import('./oncall/editing/PolicyPage'));
const WindowPage = lazyPart('WindowPage', () => import('./oncall/editing/WindowPage'));
const SilencePage = lazyPart('SilencePage', () => import('./oncall/editing/SilencePage'));
const ContactsPage = lazyPart('ContactsPage', () => import('./oncall/ContactsPage'));
const NotificationsPage = lazyPart('NotificationsPage', () => import('./oncall/NotificationsPage'));
const MaintenancePage = lazyPart('MaintenancePage', () => import('./oncall/MaintenancePage'));
const ExperimentsPage = lazyPart('ExperimentsPage', () => import('./experiments/ExperimentsPage'));
const ExperimentPage = lazyPart('ExperimentPage', () => import('./experiments/ExperimentPage'));
const EditorPage = lazyPart('EditorPage', () => import('./experiments/EditorPage'));
const RunPage = lazyPart('RunPage', () => import('./experiments/RunPage'));
const AuditPage = lazyPart('AuditPage', () => import('./pages/AuditPage'));
const RemediationPage = lazyPart('RemediationPage', () => import('./policies/RemediationPage'));
const SettingsPage = lazyPart('SettingsPage', () => import('./pages/SettingsPage'));

/** Every address of the panel. */
export function App() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Overview />} />
        <Route path="services/*" element={<ServicePage />} />
        <Route path="topology" element={<TopologyPage />} />
        <Route path="incidents" element={<IncidentsPage />} />
        <Route path="incidents/statistics" element={<StatisticsPage />} />
        <Route path="incidents/rules" element={<RulesPage />} />
        <Route path="incidents/:reference" element={<IncidentPage />} />
        <Route path="alerts" element={<AlertsPage />} />
        <Route path="alerts/outages" element={<OutagePoliciesPage />} />
        <Route path="oncall" element={<OnCallPage />} />
        <Route path="oncall/schedules/new" element={<SchedulePage />} />
        <Route path="oncall/schedules/:name" element={<SchedulePage />} />
        <Route path="oncall/people" element={<PeoplePage />} />
        <Route path="oncall/users/new" element={<UserPage />} />
        <Route path="oncall/users/:name" element={<UserPage />} />
        <Route path="oncall/teams/new" element={<TeamPage />} />
        <Route path="oncall/teams/:name" element={<TeamPage />} />
        <Route path="oncall/policies" element={<PoliciesPage />} />
        <Route path="oncall/replay" element={<ReplayPage />} />
        <Route path="oncall/policies/new" element={<PolicyPage />} />
        <Route path="oncall/policies/:name" element={<PolicyPage />} />
        <Route path="oncall/contacts" element={<ContactsPage />} />
        <Route path="oncall/notifications" element={<NotificationsPage />} />
        <Route path="oncall/maintenance" element={<MaintenancePage />} />
        <Route path="oncall/maintenance/windows/new" element={<WindowPage />} />
        <Route path="oncall/maintenance/windows/:name" element={<WindowPage />} />
        <Route path="oncall/maintenance/silences/new" element={<SilencePage />} />
        <Route path="oncall/maintenance/silences/:name" element={<SilencePage />} />
        <Route path="remediation" element={<RemediationPage />} />
        <Route path="experiments" element={<ExperimentsPage />} />
        <Route path="experiments/new" element={<EditorPage />} />
        <Route path="experiments/:name" element={<ExperimentPage />} />
        <Route path="experiments/:name/edit" element={<EditorPage />} />
        <Route path="runs/:id" element={<RunPage />} />
        <Route path="audit" element={<AuditPage />} />
        <Route path="settings" element={<SettingsPage />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
