// mqtt.js assigns aliases to what it publishes, and takes them for what it receives.
import { assert, connect, run, topic } from './scenario.mjs'

await run(async () => {
  const subscriber = await connect('sub', { properties: { topicAliasMaximum: 3 } })
  await subscriber.subscribeAsync(topic('#'), { qos: 1 })
  const publisher = await connect('pub', { autoAssignTopicAlias: true })
  assert.ok(publisher.connack.properties.topicAliasMaximum > 0, 'the broker takes no topic alias')
  let aliased = 0
  publisher.on('packetsend', (packet) => { if (packet.cmd === 'publish' && packet.topic === '') aliased++ })

  for (let n = 0; n < 60; n++) await publisher.publishAsync(topic(`a/long/topic/name/${n % 5}`), `${n}`, { qos: n % 3 })
  for (let n = 0; n < 60; n++) {
    const [name, payload] = await subscriber.next()
    assert.equal(name, topic(`a/long/topic/name/${payload % 5}`))
  }
  assert.ok(aliased > 0, 'no alias was used: the scenario tests nothing')
})
