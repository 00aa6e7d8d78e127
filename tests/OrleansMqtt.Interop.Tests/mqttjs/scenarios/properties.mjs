// Properties of a PUBLISH, subscription identifiers, and a request with its response.
import { assert, connect, run, topic } from './scenario.mjs'

await run(async () => {
  const responder = await connect('responder')
  await responder.subscribeAsync(topic('request'), { qos: 1, properties: { subscriptionIdentifier: 16_384 } })
  const requester = await connect('requester')
  await requester.subscribeAsync(topic('response'), { qos: 1, nl: true })

  await requester.publishAsync(topic('request'), '6 x 7', {
    qos: 1,
    properties: {
      payloadFormatIndicator: true,
      messageExpiryInterval: 600,
      contentType: 'text/plain',
      responseTopic: topic('response'),
      correlationData: Buffer.from([0, 255, 7]),
      userProperties: { room: ['attic', 'cellar'], floor: '3' }
    }
  })
  const [, question, { properties }] = await responder.next()
  assert.equal(question, '6 x 7')
  assert.equal(properties.payloadFormatIndicator, true)
  assert.ok(properties.messageExpiryInterval > 0 && properties.messageExpiryInterval <= 600)
  assert.equal(properties.contentType, 'text/plain')
  assert.deepEqual({ ...properties.userProperties }, { room: ['attic', 'cellar'], floor: '3' })
  assert.equal(properties.subscriptionIdentifier, 16_384)

  await responder.publishAsync(properties.responseTopic, '42', { qos: 1, properties: { correlationData: properties.correlationData } })
  const [, answer, packet] = await requester.next()
  assert.equal(answer, '42')
  assert.deepEqual([...packet.properties.correlationData], [0, 255, 7])
})
