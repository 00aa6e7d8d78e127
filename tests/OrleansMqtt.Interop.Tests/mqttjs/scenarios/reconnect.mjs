// mqtt.js comes back by itself, subscribes again, and sends what it could not.
import { once } from 'node:events'
import { assert, connect, run, topic } from './scenario.mjs'

await run(async () => {
  const publisher = await connect('pub')
  const client = await connect('c', { reconnectPeriod: 1 })
  await client.subscribeAsync(topic('down'), { qos: 1 })
  await publisher.subscribeAsync(topic('up'), { qos: 1 })

  for (let n = 0; n < 5; n++) {
    const resubscribed = new Promise((resolve) => {
      const listen = (packet) => {
        if (packet.cmd !== 'suback') return
        client.off('packetreceive', listen)
        resolve()
      }
      client.on('packetreceive', listen)
    })
    client.stream.destroy()
    await once(client, 'close')
    const sent = client.publishAsync(topic('up'), `up ${n}`, { qos: 1 })
    await resubscribed
    await sent
    assert.equal((await publisher.next())[1], `up ${n}`)
    await publisher.publishAsync(topic('down'), `down ${n}`, { qos: 1 })
    assert.equal((await client.next())[1], `down ${n}`)
  }
})
