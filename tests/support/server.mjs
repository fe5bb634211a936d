// Runs the real program for a test: own data folder, own ports, stopped or killed on demand.
import { execFile, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
export const fixture = (name) => join(root, 'media', 'fixtures', name)
const program = process.env.ISHARA_BIN ?? join(root, 'target', 'debug', 'ishara')

/** A port of the loopback address that was free a moment ago. */
async function freePort() {
  const listener = createServer()
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address()
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** Asks again until `question` gives something true, or fails with `what` after `seconds`. */
export async function until(what, question, { seconds = 60, every = 100 } = {}) {
  const deadline = Date.now() + seconds * 1000
  let last
  for (;;) {
    try {
      const answer = await question()
      if (answer) return answer
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}

export class Server {
  /** Migrates a fresh data folder and serves it. `settings` are further ISHARA_* variables. */
  static async start(settings = {}) {
    const server = new Server()
    server.data = await mkdtemp(join(tmpdir(), 'ishara-test-'))
    const [port, opsPort] = [await freePort(), await freePort()]
    server.base = `http://127.0.0.1:${port}`
    server.ops = `http://127.0.0.1:${opsPort}`
    // Nothing of the caller's ISHARA_* gets through: an unknown setting is an error at start.
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ISHARA_'))
    server.environment = {
      ...Object.fromEntries(inherited),
      ISHARA_DATA: server.data,
      ISHARA_LISTEN: `127.0.0.1:${port}`,
      ISHARA_OPS_LISTEN: `127.0.0.1:${opsPort}`,
      ISHARA_BASE_URL: server.base,
      ...settings,
    }
    await server.run(['migrate', 'up'])
    await server.serve()
    return server
  }

  async serve() {
    this.log = ''
    this.process = spawn(program, ['serve'], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (text) => (this.log = (this.log + text).slice(-20_000)))
    }
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })))
    const answers = until('the server answers', async () => (await fetch(`${this.ops}/healthz`)).ok)
    const ends = this.ended.then(({ code, signal }) => {
      throw new Error(`the server ended with ${code ?? signal}: ${this.log}`)
    })
    ends.catch(() => {}) // later it may end at will
    await Promise.race([answers, ends])
  }

  /** Runs one verb of the command line and returns what it printed. `input` goes to standard input. */
  run(words, { input = '' } = {}) {
    return new Promise((resolve, reject) => {
      const child = execFile(program, words, { env: this.environment, maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
        error ? reject(new Error(`ishara ${words.join(' ')}: ${stderr || error.message}`)) : resolve(stdout),
      )
      child.stdin.end(input)
    })
  }

  /** A new account; `department` where the role belongs to one. */
  async person(role, { name = role, department } = {}) {
    const person = { email: `${name.replaceAll('_', '-')}@ishara.example`, password: `a long word for ${name} 47` }
    const words = ['user', 'add', '--email', person.email, '--role', role, '--password-stdin']
    await this.run(department ? [...words, '--department', department] : words, { input: person.password })
    return person
  }

  /** An API token of that person. */
  async token(person, ...scopes) {
    const printed = await this.run(['token', 'create', '--email', person.email, ...scopes.flatMap((s) => ['--scope', s])])
    return printed.trim().split(/\s+/).at(-1)
  }

  /** SIGTERM: the polite end. Returns the exit code. */
  async drain() {
    this.process.kill('SIGTERM')
    return (await this.ended).code
  }

  /** SIGKILL: what a power cut does. */
  async kill() {
    this.process.kill('SIGKILL')
    await this.ended
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.drain()
    await rm(this.data, { recursive: true, force: true })
  }
}
