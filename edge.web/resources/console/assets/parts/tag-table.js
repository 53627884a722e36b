// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {session} from '../session.js';
import {exact, span, value} from '../format.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';
import './tag-write.js';
import './trend-line.js';

/** Rows beyond the window that are there already when it is scrolled. */
const AHEAD = 10;

/** The tags of a device with their live values. Only the rows in the window exist, so that ten thousand scroll as ten. */
class TagTable extends View {
  static topics = ['tags', 'device', 'flow'];
  static properties = {device: {attribute: false}};

  connectedCallback() {
    super.connectedCallback();
    this.height = 32;
    this.moved = () => this.requestUpdate();
    addEventListener('scroll', this.moved, {passive: true});
    addEventListener('resize', this.moved, {passive: true});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('scroll', this.moved);
    removeEventListener('resize', this.moved);
  }

  render() {
    if (!this.device) {
      return html`<div class="skeleton" aria-label=${t.loading}>${Array.from({length: 12}, () => html`<span></span>`)}</div>`;
    }
    const wanted = place.query('q').toLowerCase();
    const tags = this.device.items.filter((tag) =>
      `${tag.name} ${tag.description ?? ''} ${tag.unit ?? ''} ${tag.quality ?? ''}`.toLowerCase().includes(wanted));
    if (!tags.length) {
      return html`<p class="empty">${t.nothingMatches(place.query('q'))}</p>`;
    }
    const top = this.querySelector('.rows')?.getBoundingClientRect().top ?? 0;
    const first = Math.max(0, Math.floor(-top / this.height) - AHEAD);
    const last = Math.min(tags.length, Math.ceil((innerHeight - top) / this.height) + AHEAD);
    return html`<div role="table" aria-label=${t.tagsColumn} aria-rowcount=${tags.length}>
      <div class="head" role="row"><span role="columnheader">${t.tag}</span><span role="columnheader" class="number">${t.value}</span>
        <span role="columnheader">${t.unit}</span><span role="columnheader" class="number">${t.age}</span>
        <span role="columnheader" class="trend">${t.trend}</span><span role="columnheader">${t.quality}</span>
        <span role="columnheader" class="number">${session.may('operator')
          && tags.some((tag) => tag.access !== 'read') ? t.write : html`<span class="visually-hidden">${t.write}</span>`}</span></div>
      <div class="rows" role="rowgroup" .style=${`height:${tags.length * this.height}px`}>
        ${repeat(tags.slice(first, last), (tag) => tag.name, (tag, i) => this.line(tag, first + i))}</div></div>`;
  }

  line(tag, index) {
    const now = live.now();
    const age = now - Date.parse(tag.time);
    // The gateway says so itself; this says it also when the gateway cannot be heard.
    const stale = tag.reason === 'stale' || !tag.quality && tag.periodMillis > 0 && age > 2 * tag.periodMillis + 3000;
    const unreadable = tag.access === 'write';
    const level = unreadable ? 'good' : tag.quality ?? (stale ? 'uncertain' : 'good');
    const kept = level === 'bad' && tag.lastGood && tag.lastGood.value !== null ? tag.lastGood : undefined;
    const shown = kept ?? tag;
    const shownAge = now - Date.parse(shown.time);
    return html`<div class="line is-${level} ${stale ? 'is-stale' : ''}" role="row" aria-rowindex=${index + 1}
        .style=${`top:${index * this.height}px`}>
      <span class="name" role="cell" title=${[tag.name, tag.description, tag.type].filter(Boolean).join(' · ')}>${tag.name}</span>
      <span class="value" role="cell" title=${kept ? t.lastGood : String(shown.value ?? '')}>${value(tag, shown.value)}</span>
      <span class="unit" role="cell">${tag.unit ?? ''}</span>
      <span class="write" role="cell">${tag.access === 'read' ? nothing : html`<tag-write .tag=${tag} .value=${tag.value}></tag-write>`}</span>
      <span class="age" role="cell" title=${exact(shown.time)}>${unreadable || shownAge < 1000 ? '' : span(shownAge)}</span>
      <span class="trend" role="cell"><trend-line .points=${tag.trend} .version=${tag.time + tag.trend.length}></trend-line></span>
      <span class="quality" role="cell" title=${tag.detail ?? ''}>${unreadable ? html`<span class="quiet">${t.writeOnly}</span>` : level === 'good' ? nothing
        : stateWord(level === 'bad' ? 'bad' : 'warn', stale ? t.staleFor(span(age))
          : `${t.qualityWords[level]}, ${t.reasons[tag.reason] ?? tag.reason}`)}</span></div>`;
  }

  updated() {
    const line = this.querySelector('.line');
    const height = line?.offsetHeight;
    if (height && height !== this.height) {
      this.height = height;
      this.requestUpdate();
    }
  }
}
customElements.define('tag-table', TagTable);
