// A later subscriber receives the last retained message; an empty one clears it.
import { assert, connect, run, topic } from './scenario.mjs'

await run(async () => {
  const publisher = await connect('pub')
  await publisher.publishAsync(topic('a'), 'older', { qos: 1, retain: true })
  await publisher.publishAsync(topic('a'), 'newer', { qos: 1, retain: true })
  const late = await connect('late')
  await late.subscribeAsync(topic('#'), { qos: 1 })
  const [, payload, packet] = await late.next()
  assert.deepEqual([payload, packet.retain], ['newer', true])

  await publisher.publishAsync(topic('a'), '', { qos: 1, retain: true })
  const later = await connect('later')
  await later.subscribeAsync(topic('#'), { qos: 1 })
  await publisher.publishAsync(topic('b'), 'live', { qos: 1 })
  assert.equal((await later.next())[1], 'live')
})
