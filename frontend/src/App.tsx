import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import { Shell } from './frame/Shell';
import { Overview } from './overview/Overview';
import { NotFound } from './pages/NotFound';

const ServicePage = lazy(() => import('./pages/ServicePage'));
const TopologyPage = lazy(() => import('./topology/TopologyPage'));
const IncidentsPage = lazy(() => import('./incidents/IncidentsPage'));
const IncidentPage = lazy(() => import('./incidents/IncidentPage'));
const StatisticsPage = lazy(() => import('./incidents/StatisticsPage'));
const AlertsPage = lazy(() => import('./incidents/AlertsPage'));
const OnCallPage = lazy(() => import('./oncall/OnCallPage'));
const PoliciesPage = lazy(() => import('./oncall/PoliciesPage'));
const ReplayPage = lazy(() => import('./oncall/ReplayPage'));
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
        <Route path="incidents/:reference" element={<IncidentPage />} />
        <Route path="alerts" element={<AlertsPage />} />
        <Route path="oncall" element={<OnCallPage />} />
        <Route path="oncall/policies" element={<PoliciesPage />} />
        <Route path="oncall/replay" element={<ReplayPage />} />
        <Route path="oncall/notifications" element={<NotificationsPage />} />
        <Route path="oncall/maintenance" element={<MaintenancePage />} />
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
