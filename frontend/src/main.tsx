import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/mantine.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { ActionDesk } from './actions/desk';
import { newQueries } from './api/queries';
import { App } from './App';
import { Connection } from './live/connection';
import { LiveStore } from './live/store';
import { Watchlist } from './live/watchlist';
import { RemediationDesk } from './remediation/desk';
import { Root } from './Root';

const store = new LiveStore();
const connection = new Connection(store);
const watchlist = new Watchlist((names) => connection.watch(names));
const live = { store, logs: connection, topics: connection, watchlist };

// The only kind of router that can keep somebody on a page with unsaved changes.
const router = createBrowserRouter([{ path: '*', element: <App /> }]);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <Root live={live} desk={new ActionDesk()} remediation={new RemediationDesk()} queries={newQueries()}>
      <RouterProvider router={router} />
    </Root>
  </StrictMode>,
);
