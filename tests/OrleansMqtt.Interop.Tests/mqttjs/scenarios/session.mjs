// A session that was left behind is present on return, and brings what it missed.
import { assert, connect, run, topic, version } from './scenario.mjs'

const persistent = { clean: false, ...(version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {}) }

await run(async () => {
  const away = await connect('away', persistent)
  if (version !== 3) assert.equal(away.connack.sessionPresent, false)
  await away.subscribeAsync(topic('queue'), { qos: 2 })
  await away.endAsync()

  const publisher = await connect('pub')
  for (let n = 0; n < 20; n++) await publisher.publishAsync(topic('queue'), `${n}`, { qos: 2 })

  const back = await connect('away', persistent)
  if (version !== 3) assert.equal(back.connack.sessionPresent, true)
  for (let n = 0; n < 20; n++) assert.equal((await back.next())[1], `${n}`)
})
