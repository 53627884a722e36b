// SPDX-License-Identifier: Apache-2.0
// The state of the gateway as the live stream tells it. Components subscribe to topics and read `live.state`.
import {api} from './api.js';

const TREND = 90;
const LINES = 2000;
const SILENCE = 25000;

const subscribers = new Map();
let source;
let interest = '';
let wanted = false;
let retry = 0;
let timer;
let lastHeard = 0;
let sessionEnded = () => {};

function empty() {
  return {
    connection: {phase: 'connecting', since: Date.now()},
    gateway: undefined,
    flow: undefined,
    health: undefined,
    uplinks: undefined,
    bundles: undefined,
    events: undefined,
    /** By name, once the first picture has come. */
    devices: undefined,
    /** The watched devices with their tags, by name. */
    device: new Map(),
    log: [],
    /** What to add to this browser's clock to get the gateway's, in milliseconds. */
    offset: 0,
  };
}

export const live = {
  state: empty(),

  /** Calls back, at most once a frame, when one of the topics changed. Returns what ends it. */
  subscribe(topics, listener) {
    let asked = false;
    const once = () => {
      if (!asked) {
        asked = true;
        requestAnimationFrame(() => {
          asked = false;
          listener();
        });
      }
    };
    for (const topic of topics) {
      if (!subscribers.has(topic)) {
        subscribers.set(topic, new Set());
      }
      subscribers.get(topic).add(once);
    }
    return () => topics.forEach((topic) => subscribers.get(topic).delete(once));
  },

  /** The gateway's time now. */
  now() {
    return Date.now() + this.state.offset;
  },

  start(onSessionEnded) {
    sessionEnded = onSessionEnded;
    wanted = true;
    connect();
  },

  stop() {
    wanted = false;
    disconnect();
    this.state = empty();
    interest = '';
  },

  /** Which devices' tags and which level of the log the page shows; nothing else of them is sent. */
  watch({devices = [], log} = {}) {
    const parameters = new URLSearchParams();
    if (devices.length) {
      parameters.set('device', devices.join(','));
    }
    if (log) {
      parameters.set('log', log);
    }
    const next = parameters.toString();
    if (next === interest) {
      return;
    }
    interest = next;
    for (const name of this.state.device.keys()) {
      if (!devices.includes(name)) {
        this.state.device.delete(name);
      }
    }
    this.state.log = [];
    if (wanted) {
      connect();
    }
  },
};

function changed(topic) {
  subscribers.get(topic)?.forEach((listener) => listener());
}

function phase(name) {
  if (live.state.connection.phase !== name) {
    live.state.connection = {phase: name, since: Date.now()};
    changed('connection');
  }
}

function disconnect() {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

function connect() {
  disconnect();
  const mine = new EventSource('/api/v1/stream' + (interest ? '?' + interest : ''));
  source = mine;
  lastHeard = Date.now();
  mine.addEventListener('error', () => {
    if (mine === source) {
      phase('reconnecting');
      if (mine.readyState === EventSource.CLOSED) {
        again();
      }
    }
  });
  const on = (topic, take) => mine.addEventListener(topic, (event) => {
    if (mine === source) {
      retry = 0;
      lastHeard = Date.now();
      phase('live');
      take(JSON.parse(event.data));
      changed(topic);
    }
  });
  for (const topic of ['gateway', 'health']) {
    on(topic, (data) => live.state[topic] = data);
  }
  for (const topic of ['uplinks', 'bundles', 'events']) {
    on(topic, (data) => live.state[topic] = data.items);
  }
  on('flow', (data) => {
    live.state.flow = data;
    const offset = Date.parse(data.time) - Date.now();
    // Small jitter of the network is not a change of the clock.
    if (Math.abs(offset - live.state.offset) > 1500) {
      live.state.offset = offset;
    }
  });
  on('devices', (data) => {
    live.state.devices ??= new Map();
    data.items.forEach((device) => live.state.devices.set(device.name, device));
    data.gone.forEach((name) => live.state.devices.delete(name));
    live.state.devices = new Map([...live.state.devices].sort(([a], [b]) => a < b ? -1 : 1));
  });
  on('device', (data) => {
    const before = live.state.device.get(data.name);
    data.byName = new Map(data.items.map((tag) => [tag.name, tag]));
    data.items.forEach((tag) => {
      tag.trend = before?.byName.get(tag.name)?.trend ?? [];
      remember(tag);
    });
    live.state.device.set(data.name, data);
    changed('tags');
  });
  on('tags', (data) => {
    const device = live.state.device.get(data.device);
    for (const change of data.items) {
      const tag = device?.byName.get(change.name);
      if (tag) {
        delete tag.quality;
        delete tag.reason;
        delete tag.detail;
        delete tag.lastGood;
        Object.assign(tag, change);
        remember(tag);
      }
    }
  });
  on('log', (data) => {
    live.state.log = [...live.state.log, ...data.items].slice(-LINES);
  });
  on('ended', () => {
    disconnect();
    sessionEnded();
  });
}

/** A gap in the trend is a gap: what is not good has no number. */
function remember(tag) {
  const at = Date.parse(tag.time);
  const last = tag.trend[tag.trend.length - 1];
  const number = tag.quality || tag.value === null ? null
    : typeof tag.value === 'boolean' ? Number(tag.value) : Number(tag.value);
  if (!last || last[0] !== at || last[1] !== number) {
    tag.trend.push([at, Number.isFinite(number) ? number : null]);
    if (tag.trend.length > TREND) {
      tag.trend.shift();
    }
  }
}

/** The browser does not try again by itself after an answer that was no stream: ask why, and try later. */
function again() {
  disconnect();
  retry = Math.min(retry + 1, 6);
  timer = setTimeout(async () => {
    try {
      await api.get('/session');
    } catch (error) {
      if (error.status === 401) {
        return;
      }
    }
    if (wanted) {
      connect();
    }
  }, Math.min(15000, 500 * 2 ** retry) * (0.75 + Math.random() / 2));
}

// A connection that died without a word is noticed by its silence.
setInterval(() => {
  if (wanted && source && Date.now() - lastHeard > SILENCE) {
    phase('reconnecting');
    connect();
  }
}, 5000);

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && wanted && Date.now() - lastHeard > 5000) {
    connect();
  }
});
