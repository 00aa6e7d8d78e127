// 1 MB there and back, in many TCP segments.
import { createHash, randomBytes } from 'node:crypto'
import { assert, connect, run, topic } from './scenario.mjs'

await run(async () => {
  const payload = randomBytes(500_000).toString('hex')
  const client = await connect('c')
  await client.subscribeAsync(topic('large'), { qos: 2 })
  await client.publishAsync(topic('large'), payload, { qos: 2 })
  const hash = (text) => createHash('sha256').update(text).digest('hex')
  assert.equal(hash((await client.next())[1]), hash(payload))
})
