// A sandbox in a child process, its admin API, and a receiver for notices.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const binary = process.env.PANTOMIME ?? fileURLToPath(new URL('../../bin/pantomime', import.meta.url));

// receiver listens on a free loopback port and keeps what arrives.
export async function receiver() {
  const got = [];
  const server = createServer(async (req, res) => {
    const chunks = [];
    for await (const c of req) chunks.push(c);
    got.push({ method: req.method, url: req.url, headers: req.headers, body: Buffer.concat(chunks).toString() });
    res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    got,
    take: () => got.splice(0),
    close: () => server.close(),
  };
}

// start runs `pantomime serve` on free ports with a clock that does not move.
export async function start(notify, scenario = 'scenario.yaml') {
  const dir = await mkdtemp(join(tmpdir(), 'pantomime-interop-'));
  const ports = join(dir, 'ports.json');
  const child = spawn(binary, [
    'serve', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--clock', 'manual@2026-03-01T09:00:00Z',
    '--scenario', fileURLToPath(new URL(scenario, import.meta.url)), '--notify', notify, '--ports-file', ports,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (d) => { log += d; });
  const { admin } = await written(ports, child, () => log);

  const call = async (method, path, body) => {
    const res = await fetch(`${admin}/__admin/v1${path}`, {
      method, body: body && JSON.stringify(body), headers: body ? { 'content-type': 'application/json' } : {},
    });
    const text = await res.text();
    if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  return {
    env: await call('GET', '/env'),
    advance: (by) => call('POST', '/clock/advance', { by }),
    actAsIssuer: (ref, does, reason) => call('POST', `/tokens/${ref}/transitions`, { do: does, reason }),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(dir, { recursive: true });
    },
  };
}

async function written(file, child, log) {
  for (let i = 0; i < 200; i++) {
    if (child.exitCode !== null) throw new Error(`the sandbox ended with ${child.exitCode}:\n${log()}`);
    try {
      return JSON.parse(await readFile(file, 'utf8'));
    } catch {
      await pause(50);
    }
  }
  throw new Error(`no ports file after 10 s:\n${log()}`);
}
