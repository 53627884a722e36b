// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {segment} from '../api.js';
import {count, exact, span} from '../format.js';
import {stateWord} from './state-word.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';
import './search-field.js';
import './tag-list.js';
import './tag-table.js';

const LINK_STATES = {connected: 'ok', connecting: 'calm', disconnected: 'critical'};

/** One device with its tags. */
class DeviceView extends View {
  static topics = ['device', 'devices', 'flow'];
  static properties = {name: {attribute: false}};

  willUpdate(changed) {
    if (changed.has('name')) {
      live.watch({devices: [this.name]});
    }
  }

  render() {
    const summary = live.state.devices?.get(this.name);
    const device = live.state.device.get(this.name);
    if (live.state.devices && !summary) {
      return html`<div class="empty"><h1>${t.noSuchDevice(this.name)}</h1><span>${t.noSuchDeviceHow}</span>
        <a href="/devices">${t.pages.devices}</a></div>`;
    }
    const link = summary?.link;
    return html`<div class="page-head"><h1><a href="/devices">${t.pages.devices}</a> <span class="quiet">/</span> ${this.name}</h1>
        ${link ? stateWord(LINK_STATES[link.phase], t.linkWords[link.phase]) : nothing}
        ${link && link.phase !== 'connected' ? html`<span class="quiet" title=${exact(link.since)}>${t.since(span(live.now() - Date.parse(link.since)))}</span>` : nothing}
        <span class="spacer"></span>
        <search-field class="search" label=${t.filterTags} @changed=${() => this.requestUpdate()}></search-field></div>
      <div class="stack">
      ${link?.detail ? html`<p class="note ${link.phase === 'disconnected' ? 'bad' : ''}">${toldText(link.detail)}</p>` : nothing}
      ${summary ? html`<p class="quiet facts-line">${summary.description ? html`${summary.description} · ` : nothing}<span class="mono">${summary.address}</span> ·
        ${summary.driver} · <a href=${`/configuration/${segment(`${summary.driver}~${this.name}`)}`}>${t.configure}</a></p>` : nothing}
      <div class="panel"><tag-table .device=${device}></tag-table></div>
      ${device?.scans.length ? html`<section class="panel"><header><h2>${t.scans}</h2></header><table class="flow"><thead><tr>
        <th>${t.period}</th><th class="number">${t.tagsColumn}</th><th class="number">${t.lastScan}</th>
        <th class="number">${t.completed}</th><th class="number">${t.skipped}</th></tr></thead><tbody>
        ${device.scans.map((scan) => html`<tr><td class="lead">${t.every(scan.periodMillis < 1000 ? `${scan.periodMillis} ms` : span(scan.periodMillis))}</td>
          <td class="number" data-label=${t.tagsColumn}>${count(scan.tags)}</td>
          <td class="number" data-label=${t.lastScan}>${(scan.lastMicros / 1000).toFixed(1)} ms</td>
          <td class="number" data-label=${t.completed}>${count(scan.completed)}</td>
          <td class="number" data-label=${t.skipped}>${count(scan.overruns)}</td></tr>`)}</tbody></table></section>` : nothing}
      ${device?.facts?.length ? html`<section class="panel"><header><h2>${t.facts}</h2></header><div class="body"><dl class="facts">
        ${device.facts.map((fact) => html`<dt class="mono">${fact.name}</dt>
          <dd>${typeof fact.value === 'number' ? count(fact.value) : fact.value}${fact.unit ? ` ${fact.unit}` : nothing}</dd>`)}</dl></div></section>` : nothing}
      ${summary ? html`<tag-list .pid=${`${summary.driver}~${this.name}`}></tag-list>` : nothing}
      </div>`;
  }
}
customElements.define('device-view', DeviceView);
