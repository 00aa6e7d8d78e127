// A lost connection publishes the will, a closed one does not.
import { assert, connect, drop, run, topic } from './scenario.mjs'

await run(async () => {
  const watcher = await connect('watch')
  await watcher.subscribeAsync(topic('will/+'), { qos: 1 })
  const polite = await connect('polite', { will: { topic: topic('will/polite'), payload: 'not to be seen', qos: 1 } })
  await polite.endAsync()
  const lost = await connect('lost', { will: { topic: topic('will/lost'), payload: 'lost', qos: 1, retain: true } })
  await drop(lost)
  const [name, payload, packet] = await watcher.next()
  assert.deepEqual([name, payload, packet.retain], [topic('will/lost'), 'lost', false])

  const late = await connect('late')
  await late.subscribeAsync(topic('will/lost'))
  assert.equal((await late.next())[2].retain, true)
})
