import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import panel from './package.json' with { type: 'json' };

const BACKEND = process.env.INCIDENTOPS_BACKEND ?? 'http://127.0.0.1:8000';

/** Answers of the API are files, though browsers ask for them as they ask for pages. */
const DOWNLOAD = '/api/';

/** Like nginx in the stack: navigations get the page, everything else the backend. */
const toBackend = {
  target: BACKEND,
  bypass: (req: { headers: { accept?: string }; url?: string }) =>
    req.headers.accept?.includes('text/html') && !req.url?.startsWith(DOWNLOAD) ? '/index.html' : undefined,
};

export default defineConfig({
  plugins: [react()],
  define: { PANEL_VERSION: JSON.stringify(panel.version) },
  // nginx replaces the word in every answer; Vite writes it on the tags that it makes.
  html: { cspNonce: '__CSP_NONCE__' },
  build: { assetsInlineLimit: 0, cssCodeSplit: false, target: 'es2022', reportCompressedSize: false },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: {
      '/socket.io': { target: BACKEND, ws: true },
      '^/(api|services|system|ping|start|stop|restart|remediate|health|metrics)(/|$)': toBackend,
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['test/setup.ts'],
    include: ['test/**/*.test.{ts,tsx}'],
    css: false,
    // Machines are slow while they build images beside the tests.
    testTimeout: 30_000,
  },
});
