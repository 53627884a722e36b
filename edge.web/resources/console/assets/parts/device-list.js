// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {segment} from '../api.js';
import {count, span} from '../format.js';
import {stateWord} from './state-word.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';
import './search-field.js';

const LINK_STATES = {connected: 'ok', connecting: 'calm', disconnected: 'critical'};

/** All devices, with their links and how many of their tags are not good. */
class DeviceList extends View {
  static topics = ['devices', 'flow'];

  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    const devices = live.state.devices;
    const wanted = place.query('q').toLowerCase();
    const shown = [...devices?.values() ?? []].filter((device) =>
      `${device.name} ${device.address} ${device.driver} ${device.description ?? ''}`.toLowerCase().includes(wanted));
    // Trouble first; within it by name.
    shown.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
    return html`<div class="page-head"><h1>${t.pages.devices}</h1>
        <span class="quiet">${devices ? count(devices.size) : ''}</span><span class="spacer"></span>
        <search-field class="search" label=${t.filterDevices} @changed=${() => this.requestUpdate()}></search-field></div>
      <div class="panel">${devices === undefined
        ? html`<div class="skeleton" aria-label=${t.loading}>${Array.from({length: 9}, () => html`<span></span>`)}</div>`
        : devices.size === 0 ? html`<div class="empty"><strong>${t.noDevicesYet}</strong><span>${t.noDevicesHow}</span>
          <a class="button" href="/configuration">${t.addConfiguration}</a></div>`
        : shown.length === 0 ? html`<p class="empty">${t.nothingMatches(place.query('q'))}</p>`
        : html`<table class="flow"><thead><tr><th>${t.device}</th><th>${t.link}</th><th class="number">${t.tagsColumn}</th>
            <th>${t.quality}</th><th>${t.address}</th></tr></thead>
          <tbody>${repeat(shown, (device) => device.name, row)}</tbody></table>`}</div>`;
  }
}

function rank(device) {
  return device.link.phase === 'disconnected' ? 0 : device.tags.bad ? 1 : device.tags.uncertain ? 2 : 3;
}

function row(device) {
  const path = `/devices/${segment(device.name)}`;
  const {bad, uncertain} = device.tags;
  return html`<tr class="link" @click=${(event) => event.target.closest('a') || place.go(path)}>
    <td class="lead"><a href=${path}>${device.name}</a>${device.description ? html`<span class="sub">${device.description}</span>` : nothing}</td>
    <td>${stateWord(LINK_STATES[device.link.phase], t.linkWords[device.link.phase])}
      ${device.link.phase === 'connected' ? nothing : html`<span class="quiet small">${t.since(span(live.now() - Date.parse(device.link.since)))}</span>
      <span class="sub">${toldText(device.link.detail ?? '')}</span>`}</td>
    <td class="number" data-label=${t.tagsColumn}>${count(device.tags.total)}</td>
    <td>${bad ? stateWord('bad', t.badTags(count(bad))) : nothing}
      ${uncertain ? stateWord('warn', t.uncertainTags(count(uncertain))) : nothing}
      ${bad || uncertain ? nothing : html`<span class="quiet">${t.qualityWords.good}</span>`}</td>
    <td class="full"><span class="mono">${device.address}</span><span class="sub">${device.driver}</span></td></tr>`;
}
customElements.define('device-list', DeviceList);
