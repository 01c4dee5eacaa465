// A client of yaml-language-server over its own protocol (LSP, JSON-RPC on stdin and stdout), as an editor is one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const binary = fileURLToPath(new URL('node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url));
const schemaName = 'scenario.schema.json';

// modeline is the first line of a scenario by which an editor finds the schema next to it.
export const modeline = `# yaml-language-server: $schema=${schemaName}\n`;

const settings = { yaml: { validate: true, completion: true, hover: true, schemaStore: { enable: false } } };

// start runs the language server in a folder of its own that holds the schema.
export async function start(schema) {
  const folder = await mkdtemp(join(tmpdir(), 'pantomime-editor-'));
  await copyFile(schema, join(folder, schemaName));
  const child = spawn(process.execPath, [binary, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const server = new Server(child, folder);
  await server.request('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: { workspace: { configuration: true }, textDocument: { completion: {}, hover: {}, publishDiagnostics: {} } },
  });
  server.notify('initialized', {});
  server.notify('workspace/didChangeConfiguration', { settings });
  return server;
}

class Server {
  #child;
  #folder;
  #next = 1;
  #calls = new Map(); // by id: what waits for the answer
  #waiting = new Map(); // by document: what waits for its diagnostics
  #documents = 0;
  #rest = Buffer.alloc(0);

  constructor(child, folder) {
    this.#child = child;
    this.#folder = folder;
    child.stdout.on('data', (chunk) => this.#read(chunk));
  }

  // open shows the server a scenario and waits for what it finds wrong with it.
  async open(text) {
    const uri = pathToFileURL(join(this.#folder, `story-${++this.#documents}.yaml`)).href;
    const found = new Promise((resolve) => this.#waiting.set(uri, resolve));
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return { uri, diagnostics: await found };
  }

  // complete lists what the server offers where text has the mark |, by label.
  async complete(text) {
    const { uri, position } = await this.#openAt(text);
    const answer = await this.request('textDocument/completion', { textDocument: { uri }, position });
    return answer.items.map((item) => item.label.trim());
  }

  // hover says what the server says about the place that has the mark |.
  async hover(text) {
    const { uri, position } = await this.#openAt(text);
    const answer = await this.request('textDocument/hover', { textDocument: { uri }, position });
    return answer?.contents?.value ?? '';
  }

  async #openAt(marked) {
    const before = marked.slice(0, marked.indexOf('|')).split('\n');
    const { uri } = await this.open(marked.replace('|', ''));
    return { uri, position: { line: before.length - 1, character: before.at(-1).length } };
  }

  request(method, params) {
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
    this.#send({ id, method, params });
    return answer;
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  async stop() {
    await this.request('shutdown', null);
    this.notify('exit', null);
    await once(this.#child, 'exit');
    await rm(this.#folder, { recursive: true });
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin.write(body);
  }

  #read(chunk) {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = this.#rest.indexOf('\r\n\r\n');
      const length = /Content-Length: (\d+)/i.exec(this.#rest.subarray(0, Math.max(end, 0)).toString());
      if (!length || this.#rest.length < end + 4 + Number(length[1])) return;
      const body = this.#rest.subarray(end + 4, end + 4 + Number(length[1]));
      this.#rest = this.#rest.subarray(end + 4 + Number(length[1]));
      this.#receive(JSON.parse(body.toString()));
    }
  }

  #receive({ id, method, params, result, error }) {
    if (method === 'textDocument/publishDiagnostics') {
      this.#waiting.get(params.uri)?.(params.diagnostics);
    } else if (method === 'workspace/configuration') {
      this.#send({ id, result: params.items.map((item) => settings[item.section] ?? {}) });
    } else if (method && id !== undefined) {
      this.#send({ id, result: null });
    } else if (!method) {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error) call.reject(new Error(error.message));
      else call.resolve(result);
    }
  }
}
