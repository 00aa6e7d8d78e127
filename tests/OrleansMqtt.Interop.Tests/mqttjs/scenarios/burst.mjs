// 1000 messages of each QoS, many in flight, arrive in order, each once.
import { assert, connect, run, topic } from './scenario.mjs'

const COUNT = 1000

await run(async () => {
  const [subscriber, publisher] = [await connect('sub'), await connect('pub')]
  // mqtt.js itself does not keep to the Receive Maximum of CONNACK; before version 5 there is none, and 20 suits any broker.
  const window = Math.min(200, publisher.connack.properties?.receiveMaximum ?? 20)

  for (const qos of [1, 2, 0]) {
    await subscriber.subscribeAsync(topic(`${qos}`), { qos })
    const received = []
    for (let first = 0; first < COUNT; first += window) {
      const numbers = Array.from({ length: Math.min(window, COUNT - first) }, (_, n) => `${first + n}`)
      await Promise.all(numbers.map((n) => publisher.publishAsync(topic(`${qos}`), n, { qos })))
    }
    while (received.length < COUNT) received.push((await subscriber.next())[1])
    assert.deepEqual(received, Array.from({ length: COUNT }, (_, n) => `${n}`))
  }

  await subscriber.subscribeAsync(topic('end'), { qos: 2 })
  await publisher.publishAsync(topic('end'), 'end', { qos: 2 })
  assert.equal((await subscriber.next())[1], 'end', 'a duplicate')
})
