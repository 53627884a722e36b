// SPDX-License-Identifier: Apache-2.0
// The state of the gateway as the live stream tells it. Components subscribe to topics and read `live.state`.
import {SharedStream} from './stream.js';

const TREND = 90;
const LINES = 2000;

const subscribers = new Map();
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
    stream.start();
  },

  stop() {
    stream.stop();
    this.state = empty();
  },

  /** Which devices' tags and from which level the log is wanted; nothing else of them is sent. */
  watch({devices = [], log = ''} = {}) {
    stream.watch({devices, log});
  },
};

const takers = {
  gateway(data) {
    if (live.state.gateway && live.state.gateway.startedAt !== data.startedAt) {
      // Another run of the gateway numbers its lines anew.
      live.state.log = [];
    }
    live.state.gateway = data;
  },
  health(data) {
    live.state.health = data;
  },
  uplinks(data) {
    live.state.uplinks = data.items;
  },
  bundles(data) {
    live.state.bundles = data.items;
  },
  events(data) {
    live.state.events = data.items;
  },
  flow(data) {
    live.state.flow = data;
    const offset = Date.parse(data.time) - Date.now();
    // Small jitter of the network is not a change of the clock.
    if (Math.abs(offset - live.state.offset) > 1500) {
      live.state.offset = offset;
    }
  },
  devices(data) {
    const devices = live.state.devices ?? new Map();
    data.items.forEach((device) => devices.set(device.name, device));
    data.gone.forEach((name) => devices.delete(name));
    live.state.devices = new Map([...devices].sort(([a], [b]) => a < b ? -1 : 1));
  },
  device(data) {
    const before = live.state.device.get(data.name);
    data.byName = new Map(data.items.map((tag) => [tag.name, tag]));
    data.items.forEach((tag) => {
      tag.trend = before?.byName.get(tag.name)?.trend ?? [];
      remember(tag);
    });
    live.state.device.set(data.name, data);
    changed('tags');
  },
  tags(data) {
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
  },
  log(data) {
    const last = live.state.log[live.state.log.length - 1]?.number ?? 0;
    // A stream that was opened again may begin with what is known, or with older lines of a lower level.
    const fresh = data.items.filter((line) => line.number > last);
    const older = data.items.length - fresh.length;
    const known = new Set(live.state.log.map((line) => line.number));
    const lines = older ? [...live.state.log, ...data.items.filter((line) => !known.has(line.number))]
      .sort((a, b) => a.number - b.number) : [...live.state.log, ...fresh];
    live.state.log = lines.slice(-LINES);
  },
};

const stream = new SharedStream({
  take(topic, data) {
    takers[topic](data);
    changed(topic);
  },
  phase(name) {
    if (live.state.connection.phase !== name) {
      live.state.connection = {phase: name, since: Date.now()};
      changed('connection');
    }
  },
  keep(devices) {
    for (const name of live.state.device.keys()) {
      if (!devices.includes(name)) {
        live.state.device.delete(name);
      }
    }
  },
  snapshot: () => live.state,
  adopt(state) {
    live.state = state;
    [...subscribers.keys()].forEach(changed);
  },
  ended: () => sessionEnded(),
});

function changed(topic) {
  subscribers.get(topic)?.forEach((listener) => listener());
}

/** A gap in the readings is a gap in the trend: what is not good has no number. */
function remember(tag) {
  const at = Date.parse(tag.time);
  const last = tag.trend[tag.trend.length - 1];
  const number = tag.quality || tag.value === null ? null : Number(tag.value);
  if (!last || last[0] !== at || last[1] !== number) {
    tag.trend.push([at, Number.isFinite(number) ? number : null]);
    if (tag.trend.length > TREND) {
      tag.trend.shift();
    }
  }
}
