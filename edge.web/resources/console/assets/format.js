// SPDX-License-Identifier: Apache-2.0
// Numbers and times in the viewer's locale, with a width that does not jump.
import {t} from './texts.js';
import {live} from './live.js';

const whole = new Intl.NumberFormat(undefined, {maximumFractionDigits: 0});
const tenth = new Intl.NumberFormat(undefined, {minimumFractionDigits: 1, maximumFractionDigits: 1});
const exactTime = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'medium'});
const clockTime = new Intl.DateTimeFormat(undefined, {timeStyle: 'medium'});
const fixed = new Map();

export function count(number) {
  return whole.format(number);
}

/** Per second. */
export function rate(number) {
  return number < 10 ? tenth.format(number) : whole.format(number);
}

export function bytes(number) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = number;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return (unit === 0 || value >= 100 ? whole : tenth).format(value) + ' ' + units[unit];
}

/** A duration in microseconds. */
export function micros(number) {
  return number < 1000 ? `${whole.format(number)} µs` : `${rate(number / 1000)} ms`;
}

/**
 * A tag's value. A real keeps as many decimals as it has ever shown, so that its point stays where it is.
 */
export function value(tag, shown = tag.value) {
  if (shown === null || shown === undefined) {
    return t.noValue;
  }
  if (typeof shown === 'boolean') {
    return shown ? t.on : t.off;
  }
  if (typeof shown === 'number') {
    if (!tag.type?.startsWith('float')) {
      return whole.format(shown);
    }
    const plain = Number(shown.toPrecision(tag.type === 'float32' ? 6 : 8));
    if (plain !== 0 && (Math.abs(plain) >= 1e9 || Math.abs(plain) < 1e-4)) {
      return plain.toExponential(4);
    }
    const most = Math.abs(plain) >= 1 || plain === 0 ? 3 : 6;
    const decimals = Math.min(most, (String(plain).split('.')[1] ?? '').length);
    tag.decimals = Math.max(tag.decimals ?? 0, decimals);
    return decimalFormat(tag.decimals).format(plain);
  }
  return String(shown);
}

function decimalFormat(decimals) {
  if (!fixed.has(decimals)) {
    fixed.set(decimals, new Intl.NumberFormat(undefined,
      {minimumFractionDigits: decimals, maximumFractionDigits: decimals}));
  }
  return fixed.get(decimals);
}

export function exact(time) {
  return exactTime.format(new Date(time));
}

export function clock(time) {
  return clockTime.format(new Date(time));
}

/** A time in a sentence: the day only if it is another one than today. */
export function moment(time) {
  return new Date(time).toDateString() === new Date(live.now()).toDateString() ? clock(time) : exact(time);
}

/** A time as a field of the kind datetime-local takes it, in the viewer's zone. */
export function localInput(milliseconds) {
  const time = new Date(milliseconds);
  return new Date(milliseconds - time.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
}

/** How long something is ago or lasts, in its two largest units at most. */
export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) {
    return t.seconds(seconds);
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return t.minutes(minutes);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return minutes % 60 === 0 ? t.hours(hours) : t.hours(hours) + ' ' + t.minutes(minutes % 60);
  }
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 || days > 9 ? t.days(days) : t.days(days) + ' ' + t.hours(hours % 24);
}

export function ago(time) {
  return t.ago(span(live.now() - Date.parse(time)));
}
