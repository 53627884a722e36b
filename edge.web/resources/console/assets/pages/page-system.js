// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {bytes, count, exact} from '../format.js';
import {LoadedData} from '../parts/loaded-data.js';
import {timeAgo} from '../parts/time-ago.js';
import {t} from '../texts.js';
import '../parts/health-parts.js';
import '../parts/loss-list.js';
import '../parts/meter-bar.js';

/** What is worth a look about how the run before ended. */
const STOPS = {unclean: 'warn', 'tail-lost': 'bad'};

/** The gateway itself: how its parts are, what it is, its clock, its journal and what was lost. */
class PageSystem extends View {
  static topics = ['flow'];

  gateway = new LoadedData(this, '/gateway', 0);
  journal = new LoadedData(this, '/journal', 5);

  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.system}</h1></div>
      <div class="two"><div class="stack"><section class="panel"><header><h2>${t.parts}</h2></header><health-parts></health-parts></section>
        <section class="panel"><header><h2>${t.journal}</h2></header>${this.journal.show((journal) => html`<div class="body stack">
          ${journal.lastError ? html`<p class="note bad" role="alert">${journal.lastError}</p>` : nothing}
          <dl class="facts"><dt>${t.used}</dt><dd>${t.journalUse(bytes(journal.bytes), bytes(journal.quota))}
              <meter-bar class=${journal.bytes > journal.quota * 0.9 ? 'warn' : ''} .value=${journal.bytes / journal.quota}></meter-bar></dd>
            <dt>${t.segments}</dt><dd>${count(journal.segments)}</dd>
            <dt>${t.appended}</dt><dd>${count(journal.appended)} ${journal.refused ? html`<span class="bad">${t.refused(count(journal.refused))}</span>` : nothing}</dd>
            <dt>${t.syncs}</dt><dd>${count(journal.syncs)}</dd><dt>${t.policy}</dt><dd>${journal.policy}</dd>
            <dt>${t.lastStop}</dt><dd class=${STOPS[journal.lastStop] ?? ''}>${t.lastStops[journal.lastStop]}</dd>
            <dt>${t.lostSinceStart}</dt><dd>${this.lost(journal.lost)}</dd></dl></div>
          <table class="flow"><thead><tr><th>${t.stream}</th><th>${t.epoch}</th><th class="number">${t.sequence}</th><th class="number">${t.size}</th></tr></thead>
          <tbody>${journal.streams.map((stream) => html`<tr><td class="lead">${stream.stream}</td><td class="mono">${stream.epoch}</td>
            <td class="number" data-label=${t.sequence}>${count(stream.lastSequence)}</td>
            <td class="number" data-label=${t.size}>${stream.bytes ? bytes(stream.bytes) : t.noValue}</td></tr>`)}</tbody></table>`)}</section>
        <loss-list></loss-list></div>
      <div class="stack"><section class="panel"><header><h2>${t.gateway}</h2></header>${this.gateway.show((gateway) => html`<div class="body"><dl class="facts">
          <dt>${t.gateway}</dt><dd>${gateway.labels.gateway}</dd><dt>${t.site}</dt><dd>${gateway.labels.site}</dd>
          <dt>${t.organisation}</dt><dd>${gateway.labels.org}</dd><dt>${t.identity}</dt><dd class="mono">${gateway.id}</dd>
          <dt>${t.version}</dt><dd>${gateway.version}</dd><dt>${t.started}</dt><dd>${timeAgo(gateway.startedAt)}</dd>
          <dt>${t.java}</dt><dd>${gateway.java}</dd><dt>${t.operatingSystem}</dt><dd>${gateway.system}</dd>
          <dt>${t.clockTitle}</dt><dd>${live.state.flow ? html`${exact(live.now())}<br><span class=${live.state.flow.clock === 'synchronised' ? 'quiet' : 'warn'}>${t.clockWords[live.state.flow.clock]}</span>` : nothing}</dd></dl></div>`)}</section>
        <section class="panel"><header><h2>${t.api}</h2></header><div class="body stack"><p class="quiet">${t.apiHint}</p>
          <a class="mono" href="/api/v1/openapi.json" target="_blank" rel="noopener">/api/v1/openapi.json</a></div></section></div></div>`;
  }

  lost(byReason) {
    const reasons = Object.entries(byReason).filter(([, records]) => records);
    return reasons.length ? reasons.map(([reason, records]) => html`<div>${count(records)} <span class="quiet">${t.lossReasons[reason]}</span></div>`)
      : t.nothingLost;
  }
}
customElements.define('page-system', PageSystem);

export const page = () => html`<page-system></page-system>`;
