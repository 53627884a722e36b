// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {t} from '../texts.js';
import '../parts/uplink-card.js';

const TROUBLE = {'backing-off': 0, connecting: 1, paused: 2, waiting: 3, connected: 4};

/** Where the data goes, and what waits. */
class PageUplinks extends View {
  static topics = ['uplinks', 'gateway'];

  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    const uplinks = live.state.uplinks;
    return html`<div class="page-head"><h1>${t.pages.uplinks}</h1></div>
      ${uplinks === undefined ? this.absent()
        : uplinks.length === 0 ? html`<div class="panel empty"><strong>${t.noUplinksYet}</strong><span>${t.noUplinksHow}</span>
          <a class="button" href="/configuration">${t.addConfiguration}</a></div>`
        : html`<div class="cards">${repeat([...uplinks].sort((a, b) => TROUBLE[a.phase] - TROUBLE[b.phase]),
          (uplink) => uplink.name, (uplink) => html`<uplink-card .uplink=${uplink}></uplink-card>`)}</div>`}`;
  }

  absent() {
    const missing = (live.state.gateway?.missing ?? []).find((what) => what.includes('cloud'));
    return missing ? html`<p class="note warn">${t.missing(missing)}</p>`
      : html`<div class="panel skeleton" aria-label=${t.loading}><span></span><span></span><span></span></div>`;
  }
}
customElements.define('page-uplinks', PageUplinks);

export const page = () => html`<page-uplinks></page-uplinks>`;
