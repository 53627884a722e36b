// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {live} from '../live.js';
import {session} from '../session.js';
import {bytes, count, exact, span} from '../format.js';
import {stateWord} from './state-word.js';
import {timeAgo} from './time-ago.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';
import './meter-bar.js';
import './dead-letters.js';
import './in-page.js';
import './uplink-replay.js';

const STATES = {connected: 'ok', connecting: 'calm', 'backing-off': 'critical', waiting: 'calm', paused: 'warn'};

/** One uplink: its state in a sentence, what waits for it, pausing it, and sending a time again. */
class UplinkCard extends View {
  static topics = ['flow'];
  static properties = {uplink: {attribute: false}, asking: {state: true}, replaying: {state: true}, busy: {state: true}, problem: {state: true}};

  render() {
    const uplink = this.uplink;
    const paused = uplink.phase === 'paused';
    return html`<section class="panel"><header><h2>${uplink.name}</h2>
        ${stateWord(STATES[uplink.phase], t.phases[uplink.phase])}
        <span class="quiet" title=${exact(uplink.since)}>${t.since(span(live.now() - Date.parse(uplink.since)))}</span>
        <span class="spacer"></span>
        ${session.may('operator') ? html`<button class="small" ?disabled=${this.busy}
          @click=${() => paused ? this.pause(false) : this.asking = true}>${paused ? t.resume : t.pause}</button>` : nothing}</header>
      <div class="body stack">
        ${uplink.detail ? html`<p class="note ${uplink.phase === 'backing-off' ? 'bad' : paused ? 'warn' : ''}">${toldText(uplink.detail)}</p>` : nothing}
        ${this.asking ? html`<in-page class="note warn" role="alertdialog" aria-label=${t.pauseNow(uplink.name)}
          @dismiss=${() => this.asking = false}>${t.pausing(uplink.name)}<span class="row">
          <button class="small primary" ?disabled=${this.busy} @click=${() => this.pause(true)}>${t.pauseNow(uplink.name)}</button>
          <button class="small" @click=${() => this.asking = false}>${t.cancel}</button></span></in-page>` : nothing}
        ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
        ${uplink.replay ? html`<p class="note row"><span>${t.sendingAgain(exact(uplink.replay.from), exact(uplink.replay.until),
          count(uplink.replay.sent))}</span>${session.may('operator') ? html`<button class="small" ?disabled=${this.busy}
          @click=${() => this.act(() => api.delete(`${this.path()}/replay`))}>${t.stopSendingAgain}</button>` : nothing}</p>` : nothing}
        <dl class="facts"><dt>${t.address}</dt><dd class="mono">${uplink.address}</dd>
          <dt>${t.waiting}</dt><dd>${count(uplink.backlog.records)}
            ${uplink.backlog.records ? html`<span class="quiet">${bytes(uplink.backlog.bytes)}${uplink.backlog.historical
              ? `, ${t.historical(count(uplink.backlog.historical))}` : ''}</span>` : nothing}
            <meter-bar class=${uplink.backlog.records > 10000 ? 'warn' : ''} .value=${Math.log10(uplink.backlog.records + 1) / 7}
              label=${t.backlog(count(uplink.backlog.records))}></meter-bar></dd>
          <dt>${t.inFlight}</dt><dd>${count(uplink.inFlight)}</dd>
          <dt>${t.delivered}</dt><dd>${count(uplink.delivered)}</dd>
          <dt>${t.rejected}</dt><dd class=${uplink.rejected ? 'bad' : ''}>${count(uplink.rejected)}</dd>
          <dt>${t.today}</dt><dd>${bytes(uplink.traffic.today)} <span class="quiet">${uplink.traffic.budget
            ? t.ofBudget(bytes(uplink.traffic.forecast), bytes(uplink.traffic.budget)) : t.forecast(bytes(uplink.traffic.forecast))}</span></dd>
          <dt>${t.lastDelivery}</dt><dd>${uplink.lastDelivery ? timeAgo(uplink.lastDelivery) : t.never}</dd>
          ${uplink.lastProbe ? html`<dt>${t.lastProbe}</dt><dd>${timeAgo(uplink.lastProbe)}</dd>` : nothing}</dl>
        <p class="row">${session.may('operator') ? html`<button class="small" aria-expanded=${this.replaying ? 'true' : 'false'}
            @click=${() => this.replaying = !this.replaying}>${t.sendTimeAgain}</button>` : nothing}
          <span class="spacer"></span><a class="small" href=${`/configuration?q=${segment(`~${uplink.name}`)}`}>${t.configure}</a></p>
        ${this.replaying ? html`<uplink-replay .uplink=${uplink.name} @finished=${() => this.replaying = false}></uplink-replay>` : nothing}
        ${uplink.deadLetters ? html`<dead-letters .uplink=${uplink.name} .count=${uplink.deadLetters}></dead-letters>` : nothing}</div></section>`;
  }

  path() {
    return `/uplinks/${segment(this.uplink.name)}`;
  }

  pause(paused) {
    return this.act(async () => {
      await api.post(`${this.path()}/${paused ? 'pause' : 'resume'}`);
      this.asking = false;
    });
  }

  async act(what) {
    this.busy = true;
    this.problem = '';
    try {
      await what();
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('uplink-card', UplinkCard);
