// A message comes with the lower of its own and the granted QoS.
import { assert, connect, run, topic } from './scenario.mjs'

await run(async () => {
  const client = await connect('c')
  for (const granted of [0, 1, 2]) {
    const here = topic(`qos/${granted}`)
    const [subscription] = await client.subscribeAsync(here, { qos: granted })
    assert.equal(subscription.qos, granted)
    for (const qos of [0, 1, 2]) {
      await client.publishAsync(here, `${qos}`, { qos })
      const [name, payload, packet] = await client.next()
      assert.deepEqual([name, payload, packet.qos, packet.retain], [here, `${qos}`, Math.min(qos, granted), false])
    }
  }
})
