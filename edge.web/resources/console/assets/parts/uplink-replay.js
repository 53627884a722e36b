// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {live} from '../live.js';
import {localInput} from '../format.js';
import {t} from '../texts.js';
import './in-page.js';

const HOUR = 3600000;

/** Asks an uplink to send again what the journal holds of a time. Tells `finished` when it is asked for or given up. */
class UplinkReplay extends View {
  static properties = {uplink: {attribute: false}, busy: {state: true}, problem: {state: true}};

  constructor() {
    super();
    this.opened = live.now();
  }

  render() {
    return html`<in-page @dismiss=${this.finish}><form class="note replay" aria-label=${t.replayTitle} @submit=${this.submit}>
      <p>${t.replayHint}</p>
      <div class="row"><label class="field"><span>${t.fromTime}</span>
          <input type="datetime-local" name="begin" step="1" required value=${localInput(this.opened - HOUR)}></label>
        <label class="field"><span>${t.untilTime}</span>
          <input type="datetime-local" name="end" step="1" required value=${localInput(this.opened)}></label></div>
      <label class="field"><span>${t.replayStreams}</span>
        <input name="streams" class="mono" autocapitalize="none" spellcheck="false" placeholder="*"><span class="hint">${t.replayStreamsHint}</span></label>
      ${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : nothing}
      <span class="row"><button class="small primary" ?disabled=${this.busy}>${this.busy ? t.working : t.sendAgain}</button>
        <button type="button" class="small" @click=${this.finish}>${t.cancel}</button></span></form></in-page>`;
  }

  finish() {
    this.dispatchEvent(new CustomEvent('finished', {bubbles: true}));
  }

  async submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const from = new Date(form.get('begin'));
    const until = new Date(form.get('end'));
    const streams = form.get('streams').split(/[\s,]+/).filter(Boolean);
    this.problem = from < until ? '' : t.replayEmpty;
    if (this.problem) {
      return;
    }
    this.busy = true;
    try {
      await api.post(`/uplinks/${segment(this.uplink)}/replay`,
        {from: from.toISOString(), until: until.toISOString(), ...(streams.length ? {streams} : {})});
      this.finish();
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('uplink-replay', UplinkReplay);
