// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {bytes, count, rate, span} from '../format.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';
import './meter-bar.js';

/** Which station a part of the gateway's health belongs to, by the first word of its subject. */
const STATION_OF = {device: 'devices', devices: 'devices', scan: 'scan', 'scan-engine': 'scan', broker: 'broker',
  journal: 'journal', uplink: 'uplinks', uplinks: 'uplinks', cloud: 'uplinks', 'cloud-connector': 'uplinks'};

/**
 * The machine as a line of stations with what flows between them. The one station that is stuck is emphasised, with the
 * sentence that says why.
 */
class MachinePicture extends View {
  static topics = ['flow', 'health', 'uplinks'];

  render() {
    const flow = live.state.flow;
    if (!flow) {
      return html`<div class="panel skeleton" aria-label=${t.loading}><span></span><span></span><span></span></div>`;
    }
    const stuck = this.stuck();
    const uplinks = live.state.uplinks ?? [];
    const connected = uplinks.filter((uplink) => uplink.phase === 'connected').length;
    return html`<ol aria-label=${t.machine}>
        ${this.station('devices', '/devices', stuck, flow.devices.total
          ? html`${count(flow.devices.connected)} <small>/ ${count(flow.devices.total)}</small>` : '0',
          flow.devices.total ? t.tags(count(flow.devices.tags)) : t.noDevices)}
        ${this.pipe(flow.scan.perSecond, t.readings)}
        ${this.station('scan', '/devices', stuck, html`${rate(flow.scan.perSecond)} <small>${t.perSecond}</small>`,
          t.overruns(count(flow.scan.overruns)))}
        ${this.pipe(flow.scan.scansPerSecond, t.scansUnit)}
        ${this.station('broker', '/broker', stuck, flow.broker
          ? html`${count(flow.broker.clients)} <small>${t.clients(count(flow.broker.clients)).replace(/^\S+ /, '')}</small>`
          : t.notRunning, flow.broker ? t.inOut(rate(flow.broker.inPerSecond), rate(flow.broker.outPerSecond)) : nothing)}
        ${this.pipe(flow.journal?.perSecond, t.records)}
        ${this.station('journal', '/system', stuck, flow.journal ? bytes(flow.journal.bytes) : t.notRunning,
          flow.journal ? html`<meter-bar .value=${flow.journal.bytes / flow.journal.quota}
            label=${t.journalUse(bytes(flow.journal.bytes), bytes(flow.journal.quota))}></meter-bar>
            <span class="detail">${t.journalUse(bytes(flow.journal.bytes), bytes(flow.journal.quota))}</span>` : nothing)}
        ${this.pipe(flow.uplinks.perSecond, t.records)}
        ${this.station('uplinks', '/uplinks', stuck, uplinks.length
          ? html`${count(connected)} <small>/ ${count(uplinks.length)}</small>` : '0',
          uplinks.length ? this.backlog(flow) : t.noUplinks)}
      </ol>
      ${stuck?.reason ? html`<div class="sentence note ${stuck.status === 'critical' ? 'bad' : 'warn'}" role="status">
        <span><strong>${stuck.subject}</strong>: ${toldText(stuck.reason)}
          <span class="quiet">${t.since(span(live.now() - Date.parse(stuck.since)))}</span></span>
        ${stuck.remedy ? html`<span class="do">${stuck.remedy}</span>` : nothing}</div>` : nothing}`;
  }

  station(name, href, stuck, figure, detail) {
    const emphasis = stuck?.station === name ? `stuck ${stuck.status}` : '';
    return html`<li class="station ${emphasis}"><a href=${href}>
      <span class="name">${t.stations[name]}</span><span class="figure">${figure}</span>
      ${typeof detail === 'string' ? html`<span class="detail">${detail}</span>` : detail}</a></li>`;
  }

  pipe(perSecond, what) {
    return html`<li class="pipe">${perSecond === undefined ? nothing
      : html`<span>${rate(perSecond)} ${t.perSecond}</span><span class="what">${what}</span>`}</li>`;
  }

  /** The backlog as a length on a scale of tenfold steps, so that ten and ten million both show. */
  backlog(flow) {
    const waiting = flow.uplinks.backlog;
    return html`<meter-bar class=${waiting > 10000 ? 'warn' : ''} .value=${Math.log10(waiting + 1) / 7}
      label=${t.backlog(count(waiting))}></meter-bar><span class="detail">${t.backlog(count(waiting))}</span>`;
  }

  stuck() {
    for (const part of live.state.health?.items ?? []) {
      const station = STATION_OF[part.subject.split(' ')[0].toLowerCase()];
      if (part.status !== 'ok' && station) {
        return {...part, station};
      }
    }
    return undefined;
  }
}
customElements.define('machine-picture', MachinePicture);
