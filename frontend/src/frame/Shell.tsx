import { useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { AskedModal } from '../actions/AskedModal';
import { StartPopup } from '../actions/StartPopup';
import { useGlobalKeys } from '../keys/useGlobalKeys';
import { useLink } from '../live/hooks';
import { RemediationModal } from '../remediation/RemediationModal';
import { KeysHelp } from './KeysHelp';
import { LostBanner } from './LostBanner';
import { PageBoundary } from './PageBoundary';
import { Palette } from './Palette';
import { Rail } from './Rail';
import { TopBar } from './TopBar';
import classes from './Shell.module.css';

/** The frame around every page. */
export function Shell() {
  const { pathname } = useLocation();
  const stale = useLink() === 'lost';
  const [keysShown, setKeysShown] = useState(false);
  useGlobalKeys(() => setKeysShown(true));
  return (
    <div className={classes.shell}>
      <Rail />
      <div className={classes.top}>
        <TopBar onKeys={() => setKeysShown(true)} />
        <LostBanner />
      </div>
      <main className={classes.page} data-stale={stale || undefined}>
        <PageBoundary key={pathname}>
          <Outlet />
        </PageBoundary>
      </main>
      <Palette />
      <KeysHelp opened={keysShown} onClose={() => setKeysShown(false)} />
      <StartPopup />
      <AskedModal />
      <RemediationModal />
    </div>
  );
}
