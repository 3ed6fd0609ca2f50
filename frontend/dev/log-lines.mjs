/** What the fake containers write: plain, levelled, JSON, coloured and hostile lines. */

const LINES = [
  () => 'Ready to accept connections tcp',
  () => `INFO request handled path=/orders status=200 ms=${Math.round(Math.random() * 90)}`,
  () => 'WARN slow query: 812 ms SELECT * FROM orders WHERE customer = $1 ORDER BY placed_at DESC LIMIT 50',
  () => 'ERROR could not reach redis: connection refused',
  () => 'DEBUG cache miss key=cart:1881',
  () =>
    JSON.stringify({
      level: 'error',
      event: 'payment refused',
      order: 4711,
      customer: { id: 12, country: 'NO' },
      attempts: [1, 2, 3],
    }),
  () => JSON.stringify({ level: 'info', msg: 'job done', queue: 'mail', took_ms: Math.round(Math.random() * 400) }),
  () => '<script>alert("from the log")</script> <b>not bold</b>',
  () => '\u001b[32mINFO\u001b[0m coloured for a terminal',
];

export function logLines(service, count) {
  if (service === undefined) return [];
  return Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.now() - (count - index) * 900).toISOString(),
    stream: index % 5 === 3 ? 'stderr' : 'stdout',
    text: LINES[Math.floor(Math.random() * LINES.length)](),
    container: service.containers[index % Math.max(1, service.containers.length)] ?? '',
  }));
}
