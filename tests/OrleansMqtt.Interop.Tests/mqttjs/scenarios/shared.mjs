// Two members share 100 messages.
import { assert, connect, prefix, run, topic } from './scenario.mjs'

await run(async () => {
  const members = [await connect('m0'), await connect('m1')]
  for (const member of members) await member.subscribeAsync([`$share/${prefix}/${topic('work')}`, topic('end')], { qos: 1 })
  const publisher = await connect('pub')
  for (let n = 0; n < 100; n++) await publisher.publishAsync(topic('work'), `${n}`, { qos: 1 })
  await publisher.publishAsync(topic('end'), 'end', { qos: 1 })

  const all = []
  for (const member of members) {
    const share = []
    for (let payload; (payload = (await member.next())[1]) !== 'end';) share.push(Number(payload))
    assert.ok(share.length > 0, 'a member without work')
    all.push(...share)
  }
  assert.deepEqual(all.sort((a, b) => a - b), Array.from({ length: 100 }, (_, n) => n))
})
