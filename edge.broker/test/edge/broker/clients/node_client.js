// SPDX-License-Identifier: Apache-2.0
// One thing that an MQTT client does, done by MQTT.js: WHAT MQTT MQTTS WS WSS CA. Ends with 0 if it went well.
'use strict';
const mqtt = require('mqtt');
const fs = require('fs');
const assert = require('assert');

const [what, plain, tls, ws, wss, ca] = process.argv.slice(2);

class Client {
  static async open(name, options = {}, url = `mqtt://localhost:${plain}`) {
    const self = new Client();
    self.inbox = [];
    self.mqtt = mqtt.connect(url, Object.assign({
      clientId: name, username: 'sensor', password: 'sensor-secret', reconnectPeriod: 0, protocolVersion: 4, ca: fs.readFileSync(ca)
    }, options));
    self.mqtt.on('message', (topic, payload, packet) => {
      self.inbox.push([topic, payload.toString(), packet.qos, packet.retain]);
      if (self.told) self.told();
    });
    await new Promise((resolve, reject) => {
      self.mqtt.once('connect', connack => { self.present = connack.sessionPresent; resolve(); });
      self.mqtt.once('error', reject);
    });
    return self;
  }

  subscribe(filters) {
    return new Promise((resolve, reject) => this.mqtt.subscribe(filters, (error, granted) =>
      error ? reject(error) : resolve(granted.map(each => each.qos))));
  }

  publish(topic, payload, qos, retain = false) {
    return new Promise((resolve, reject) => this.mqtt.publish(topic, payload, { qos, retain }, error => error ? reject(error) : resolve()));
  }

  async expect(...messages) {
    while (this.inbox.length < messages.length) {
      await new Promise(resolve => { this.told = resolve; });
    }
    assert.deepStrictEqual(this.inbox.splice(0, messages.length).sort(), messages.sort());
  }

  close() {
    return new Promise(resolve => this.mqtt.end(false, {}, resolve));
  }

  // What comes last shows that nothing else has come before it.
  async last() {
    await this.publish('last', 'last', 0);
    await this.expect(['last', 'last', 0, false]);
  }
}

async function everyQos(client) {
  assert.deepStrictEqual(await client.subscribe({ 'q/0': { qos: 0 }, 'q/1': { qos: 1 }, 'q/2': { qos: 2 } }), [0, 1, 2]);
  for (let granted = 0; granted < 3; granted++) {
    for (let sent = 0; sent < 3; sent++) {
      await client.publish(`q/${granted}`, `${sent}`, sent);
      await client.expect([`q/${granted}`, `${sent}`, Math.min(sent, granted), false]);
    }
  }
  await client.close();
}

const things = {
  async 'clean-session'() {
    const a = await Client.open('js');
    await a.subscribe({ c: { qos: 1 } });
    await a.close();
    const b = await Client.open('js');
    assert(!b.present);
    await b.subscribe({ last: { qos: 0 } });
    await b.publish('c', 'x', 1);
    await b.last();
    await b.close();
  },
  async 'kept-session'() {
    let a = await Client.open('js', { clean: false });
    assert(!a.present);
    await a.subscribe({ 'k/+': { qos: 2 }, last: { qos: 0 } });
    await a.close();
    const b = await Client.open('pub');
    const missed = [];
    for (let i = 0; i < 20; i++) {
      await b.publish(`k/${i}`, `${i}`, 1 + i % 2);
      missed.push([`k/${i}`, `${i}`, 1 + i % 2, false]);
    }
    await b.close();
    a = await Client.open('js', { clean: false });
    assert(a.present);
    await a.expect(...missed);
    await a.last();
    await a.close();
  },
  async 'every-qos'() {
    await everyQos(await Client.open('js'));
  },
  async retained() {
    const a = await Client.open('js');
    for (let qos = 0; qos < 3; qos++) await a.publish(`r/${qos}`, `${qos}`, qos, true);
    await a.subscribe({ 'r/#': { qos: 2 }, last: { qos: 0 } });
    await a.expect(['r/0', '0', 0, true], ['r/1', '1', 1, true], ['r/2', '2', 2, true]);
    for (let qos = 0; qos < 3; qos++) await a.publish(`r/${qos}`, '', qos, true);
    await a.expect(['r/0', '', 0, false], ['r/1', '', 1, false], ['r/2', '', 2, false]);
    await a.subscribe({ 'r/#': { qos: 2 } });
    await a.last();
    await a.close();
  },
  async will() {
    const a = await Client.open('js');
    await a.subscribe({ w: { qos: 2 } });
    const doomed = await Client.open('doomed', { will: { topic: 'w', payload: 'gone', qos: 2, retain: false } });
    doomed.mqtt.stream.destroy();
    await a.expect(['w', 'gone', 2, false]);
    await a.close();
  },
  async wildcards() {
    const a = await Client.open('js');
    await a.subscribe({ 'w/#': { qos: 0 }, 'w/+': { qos: 1 }, 'w/1': { qos: 0 }, last: { qos: 0 } });
    await a.publish('w/1', 'x', 1);
    await a.expect(['w/1', 'x', 1, false]);
    await a.last();
    await a.close();
  },
  async tls() {
    await everyQos(await Client.open('js', {}, `mqtts://localhost:${tls}`));
  },
  async websocket() {
    await everyQos(await Client.open('js', {}, `ws://localhost:${ws}/mqtt`));
  },
  async 'secure-websocket'() {
    await everyQos(await Client.open('js', {}, `wss://localhost:${wss}/mqtt`));
  },
  async 'wrong-password'() {
    await assert.rejects(Client.open('js', { password: 'wrong' }), error => error.code === 4);
  }
};

things[what]().then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
