/**
 * A stand-in for backend and nginx together, for work on the panel without containers:
 * the HTTP and Socket.IO contract over a made-up world, and the built page under its policy.
 *
 *   node dev/backend.mjs [--port 8000] [--cast troubled|healthy|empty|crowd|hundred]
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { logLines } from './log-lines.mjs';
import { World } from './world.mjs';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '8000' }, cast: { type: 'string', default: 'troubled' } },
});
const DIST = join(import.meta.dirname, '..', 'dist');
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const world = new World(options.cast);

function policy(nonce) {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

async function sendPage(response) {
  const nonce = randomBytes(16).toString('hex');
  const page = await readFile(join(DIST, 'index.html'), 'utf8');
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy(nonce) });
  response.end(page.replaceAll('__CSP_NONCE__', nonce));
}

async function sendAsset(path, response) {
  const file = await readFile(join(DIST, normalize(path)));
  response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' });
  response.end(file);
}

function sendExport(response, query) {
  const format = query.get('format');
  response.writeHead(200, {
    'Content-Type': format === 'csv' ? 'text/csv' : 'application/json',
    'Content-Disposition': `attachment; filename="actions.${format}"`,
  });
  response.end(JSON.stringify(world.page(query).items));
}

function sendJson(response, status, body) {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': type });
  response.end(JSON.stringify(body));
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

async function post(path, request, response) {
  if (path === '/remediate') return sendJson(response, 200, await world.remediate());
  const recovery = /^\/api\/v1\/services\/(.+)\/recovery$/.exec(path);
  if (recovery) {
    const answer = world.recover(recovery[1], (await bodyOf(request)).mode);
    return sendJson(response, answer.status, answer.body);
  }
  const seed = /^\/(ping|start|stop|restart)\/(.+)$/.exec(path);
  const full = /^\/api\/v1\/services\/(.+)\/actions$/.exec(path);
  const [name, verb] = seed ? [seed[2], seed[1]] : [full?.[1] ?? '', (await bodyOf(request)).verb];
  const answer = await world.run(name, verb);
  sendJson(response, answer.status, answer.body);
}

async function answer(request, response) {
  const url = new URL(request.url, 'http://fake');
  const path = decodeURIComponent(url.pathname);
  if (request.method === 'POST') return post(path, request, response);
  const page = request.headers.accept?.includes('text/html') && !path.startsWith('/api/v1/actions/export');
  if (page) return sendPage(response);
  if (path.startsWith('/assets/')) return sendAsset(path, response);
  if (path === '/services' || path === '/api/v1/services') return sendJson(response, 200, [...world.services.values()]);
  if (path === '/system') return sendJson(response, 200, world.system);
  if (path === '/api/v1/about') return sendJson(response, 200, world.about());
  if (path === '/api/v1/actions/export') return sendExport(response, url.searchParams);
  const inspected = /^\/api\/v1\/services\/(.+)\/inspect$/.exec(path);
  if (inspected) return sendJson(response, 200, world.inspect(inspected[1]));
  if (path === '/api/v1/actions') return sendJson(response, 200, world.page(url.searchParams));
  return sendJson(response, 404, { type: 'about:blank', title: 'Not found', status: 404, detail: path });
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) =>
    sendJson(response, 500, { type: 'about:blank', title: 'Broken', status: 500, detail: String(error) }),
  );
});

/** Old lines at once, then a few each beat; the next batch waits for the last one's acknowledgement. */
function followLog(socket, service, tail) {
  let owed = logLines(world.services.get(service), Math.min(tail, 300));
  let awaiting = false;
  return setInterval(() => {
    owed = owed.concat(logLines(world.services.get(service), Math.random() < 0.3 ? 2 : 0));
    if (awaiting || owed.length === 0) return;
    awaiting = true;
    const skipped = Math.random() < 0.01 ? 120 : 0;
    socket.emit('log_lines', { service, lines: owed, skipped }, () => {
      awaiting = false;
    });
    owed = [];
  }, 150);
}

new Server(server).on('connection', (socket) => {
  let watched = [];
  const onDelta = (delta) => socket.emit('delta', delta);
  world.on('delta', onDelta);
  const timer = setInterval(() => {
    if (watched.length > 0) socket.emit('stats', world.stats(watched));
  }, 1000);
  socket.emit('snapshot', world.snapshot());
  socket.on('resync', (reply) =>
    typeof reply === 'function' ? reply(world.snapshot()) : socket.emit('snapshot', world.snapshot()),
  );
  socket.on('watch', ({ services }) => {
    watched = services;
  });
  socket.on('unwatch', () => {
    watched = [];
  });
  let reading;
  socket.on('logs_follow', ({ service, tail }, reply) => {
    clearInterval(reading);
    reading = followLog(socket, service, tail);
    if (typeof reply === 'function') reply({ containers: world.services.get(service)?.containers ?? [] });
  });
  socket.on('logs_stop', () => clearInterval(reading));
  socket.on('disconnect', () => {
    clearInterval(reading);
    clearInterval(timer);
    world.off('delta', onDelta);
  });
});

setInterval(() => world.tick(), 2000);
server.listen(Number(options.port), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${options.port} (${options.cast})`),
);
