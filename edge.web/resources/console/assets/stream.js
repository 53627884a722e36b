// SPDX-License-Identifier: Apache-2.0
// One live stream per browser, whatever number of tabs is open: a browser has only six connections to one host. The tab
// that holds the lock has the stream and passes on what it hears; when it closes, the next one takes over.
import {api} from './api.js';

const SILENCE = 25000;
const LEVELS = ['debug', 'info', 'warn', 'error'];

export class SharedStream {
  /**
   * @param hooks take(topic, data), phase(name), keep(devices) with those that are still told of, snapshot() for a tab that
   *     comes later, adopt(snapshot) in that tab, and ended() when the session is over
   */
  constructor(hooks) {
    this.hooks = hooks;
    this.id = Math.random().toString(36).slice(2);
    this.interest = {devices: [], log: ''};
    /** What the other tabs want, by tab; only known to the one that leads. */
    this.others = new Map();
    addEventListener('pagehide', () => this.leave());
    addEventListener('pageshow', (event) => event.persisted && this.wanted && this.join());
    document.addEventListener('visibilitychange', () => document.hidden || this.revive(5000));
    setInterval(() => this.revive(SILENCE), 5000);
  }

  start() {
    this.wanted = true;
    this.join();
  }

  stop() {
    this.wanted = false;
    this.leave();
  }

  /** What this tab wants to hear beside the picture of the gateway. */
  watch(interest) {
    this.interest = interest;
    if (this.leads) {
      this.follow();
    } else {
      this.say({kind: 'interest', interest});
    }
  }

  join() {
    this.leave();
    if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) {
      this.lead();
      return;
    }
    this.channel = new BroadcastChannel('edge-live');
    this.channel.addEventListener('message', (event) => this.hear(event.data));
    this.aborter = new AbortController();
    navigator.locks.request('edge-live', {signal: this.aborter.signal}, () => new Promise((release) => {
      this.release = release;
      this.lead();
    })).catch(() => {});
    this.say({kind: 'hello', interest: this.interest});
  }

  leave() {
    this.say({kind: 'bye'});
    this.aborter?.abort();
    this.release?.();
    this.release = undefined;
    this.leads = false;
    this.others.clear();
    this.disconnect();
    this.channel?.close();
    this.channel = undefined;
  }

  lead() {
    this.leads = true;
    this.say({kind: 'leader'});
    this.connect();
  }

  say(message) {
    this.channel?.postMessage({...message, from: this.id});
  }

  hear(message) {
    switch (message.kind) {
      case 'hello':
      case 'interest':
        if (this.leads) {
          this.others.set(message.from, message.interest);
          if (!this.follow() || message.kind === 'hello') {
            // What the tab wants is known already and may not change for a while.
            this.say({kind: 'state', to: message.from, state: this.hooks.snapshot()});
          }
        }
        break;
      case 'bye':
        if (this.others.delete(message.from) && this.leads) {
          this.follow();
        }
        break;
      case 'leader':
        this.say({kind: 'interest', interest: this.interest});
        break;
      case 'state':
        if (message.to === this.id && !this.leads) {
          this.hooks.adopt(message.state);
        }
        break;
      case 'heard':
        if (!this.leads) {
          this.hooks.take(message.topic, JSON.parse(message.data));
        }
        break;
      case 'wanted':
        this.hooks.keep(message.devices);
        break;
      case 'phase':
        if (!this.leads) {
          this.hooks.phase(message.name);
        }
        break;
      case 'ended':
        this.hooks.ended();
        break;
    }
  }

  /** The devices that any tab wants. */
  devices() {
    const all = [this.interest, ...this.others.values()];
    return [...new Set(all.flatMap((interest) => interest.devices))].sort().slice(0, 20);
  }

  /** Everything that any tab wants. */
  address() {
    const all = [this.interest, ...this.others.values()];
    const devices = this.devices();
    const levels = all.map((interest) => LEVELS.indexOf(interest.log)).filter((level) => level >= 0);
    const query = new URLSearchParams();
    if (devices.length) {
      query.set('device', devices.join(','));
    }
    if (levels.length) {
      query.set('log', LEVELS[Math.min(...levels)]);
    }
    return '/api/v1/stream' + (query.size ? '?' + query : '');
  }

  /** Opens the stream again if something else is wanted now; tells whether it did. */
  follow() {
    if (!this.source || this.address() === this.current) {
      return false;
    }
    this.hooks.keep(this.devices());
    this.say({kind: 'wanted', devices: this.devices()});
    this.connect();
    return true;
  }

  disconnect() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  connect() {
    this.disconnect();
    this.current = this.address();
    this.heardAt = Date.now();
    const source = new EventSource(this.current);
    this.source = source;
    source.addEventListener('error', () => {
      if (source === this.source) {
        this.tellPhase('reconnecting');
        if (source.readyState === EventSource.CLOSED) {
          this.again();
        }
      }
    });
    for (const topic of ['gateway', 'health', 'flow', 'uplinks', 'bundles', 'events', 'devices', 'device', 'tags', 'log']) {
      source.addEventListener(topic, (event) => {
        if (source === this.source) {
          this.failures = 0;
          this.heardAt = Date.now();
          this.tellPhase('live');
          this.say({kind: 'heard', topic, data: event.data});
          this.hooks.take(topic, JSON.parse(event.data));
        }
      });
    }
    source.addEventListener('ended', () => {
      this.say({kind: 'ended'});
      this.hooks.ended();
    });
  }

  tellPhase(name) {
    this.hooks.phase(name);
    if (name !== this.told) {
      this.told = name;
      this.say({kind: 'phase', name});
    }
  }

  /** The browser does not try again by itself after an answer that was no stream: ask why, and try later. */
  again() {
    this.disconnect();
    this.failures = Math.min((this.failures ?? 0) + 1, 6);
    this.timer = setTimeout(async () => {
      try {
        await api.get('/session');
      } catch (error) {
        if (error.status === 401) {
          return;
        }
      }
      if (this.leads) {
        this.connect();
      }
    }, Math.min(15000, 500 * 2 ** this.failures) * (0.75 + Math.random() / 2));
  }

  /** A connection that died without a word is noticed by its silence. */
  revive(silence) {
    if (this.leads && this.source && Date.now() - this.heardAt > silence) {
      this.tellPhase('reconnecting');
      this.connect();
    }
  }
}
