// What the scenarios share: their arguments, a client whose messages can be awaited, and a limit for all waits.
// Arguments: HOST PORT 3|4|5 PREFIX [mqtt|mqtts|ws|wss [CA-FILE]]. A scenario fails by an exception, thus with an exit code other than 0.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import mqtt from 'mqtt'

const [host, port, level, prefix, protocol = 'mqtt', caFile] = process.argv.slice(2)
export const version = Number(level)
export const topic = (rest) => `${prefix}/${rest}`
export { assert, prefix }

// Turns a hang into a failure; unref, so that it does not keep a finished scenario alive.
setTimeout(() => { throw new Error('no end after 40 s') }, 40_000).unref()

const clients = []

/** Connects, and collects what arrives: `await client.next()` is the next [topic, payload, packet]. */
export async function connect (name, options = {}) {
  const client = mqtt.connect({
    host,
    port: Number(port),
    protocol,
    ...(caFile ? { ca: readFileSync(caFile), servername: 'localhost' } : {}),
    ...(protocol.startsWith('ws') ? { path: '/mqtt' } : {}),
    protocolVersion: version,
    ...(version === 3 ? { protocolId: 'MQIsdp' } : {}),
    clientId: `${prefix}-${name}`,
    reconnectPeriod: 0,
    ...options
  })
  clients.push(client)
  const arrived = []
  let wake = () => {}
  client.on('message', (name, payload, packet) => { arrived.push([name, payload.toString(), packet]); wake() })
  client.next = async () => {
    while (arrived.length === 0) await new Promise((resolve) => { wake = resolve })
    return arrived.shift()
  }
  const [connack] = await once(client, 'connect')
  client.connack = connack
  return client
}

/** Loses the connection without DISCONNECT. */
export async function drop (client) {
  const closed = once(client, 'close')
  client.stream.destroy()
  await closed
}

/** Runs the scenario, then says good-bye for all clients. */
export async function run (scenario) {
  await scenario()
  await Promise.all(clients.map((client) => client.endAsync(!client.connected)))
}
