import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { Shell } from './frame/Shell';
import { Overview } from './overview/Overview';
import { NotFound } from './pages/NotFound';

const ServicePage = lazy(() => import('./pages/ServicePage'));
const TopologyPage = lazy(() => import('./topology/TopologyPage'));
const IncidentsPage = lazy(() => import('./incidents/IncidentsPage'));
const RulesPage = lazy(() => import('./incidents/RulesPage'));
const IncidentPage = lazy(() => import('./incidents/IncidentPage'));
const StatisticsPage = lazy(() => import('./incidents/StatisticsPage'));
const AlertsPage = lazy(() => import('./incidents/AlertsPage'));
const OutagePoliciesPage = lazy(() => import('./incidents/OutagePoliciesPage'));
const OnCallPage = lazy(() => import('./oncall/OnCallPage'));
const PoliciesPage = lazy(() => import('./oncall/PoliciesPage'));
const ReplayPage = lazy(() => import('./oncall/ReplayPage'));
const PeoplePage = lazy(() => import('./oncall/PeoplePage'));
const UserPage = lazy(() => import('./oncall/editing/UserPage'));
const TeamPage = lazy(() => import('./oncall/editing/TeamPage'));
const SchedulePage = lazy(() => import('./oncall/editing/SchedulePage'));
const PolicyPage = lazy(() => import('./oncall/editing/PolicyPage'));
const WindowPage = lazy(() => import('./oncall/editing/WindowPage'));
const SilencePage = lazy(() => import('./oncall/editing/SilencePage'));
const ContactsPage = lazy(() => import('./oncall/ContactsPage'));
const NotificationsPage = lazy(() => import('./oncall/NotificationsPage'));
const MaintenancePage = lazy(() => import('./oncall/MaintenancePage'));
const ExperimentsPage = lazy(() => import('./experiments/ExperimentsPage'));
const ExperimentPage = lazy(() => import('./experiments/ExperimentPage'));
const EditorPage = lazy(() => import('./experiments/EditorPage'));
const RunPage = lazy(() => import('./experiments/RunPage'));
const AuditPage = lazy(() => import('./pages/AuditPage'));
const RemediationPage = lazy(() => import('./policies/RemediationPage'));
const SettingsPage = lazy(() => import('./pages/SettingsPage'));

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
