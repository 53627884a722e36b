// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {session} from '../session.js';
import {count} from '../format.js';
import {timeAgo} from './time-ago.js';
import {t} from '../texts.js';

/** What an uplink has put aside: why, what it is, and sending it again or forgetting it. */
class DeadLetters extends View {
  static properties = {uplink: {attribute: false}, count: {attribute: false}, letters: {state: true}, shown: {state: true},
    asking: {state: true}, problem: {state: true}};

  willUpdate(changed) {
    if (changed.has('count') && this.letters) {
      this.load();
    }
  }

  render() {
    return html`<details @toggle=${(event) => event.target.open && this.load()}>
      <summary>${t.deadLetters(count(this.count))}</summary>
      ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
      ${(this.letters ?? []).map((letter) => this.letter(letter))}</details>`;
  }

  letter(letter) {
    return html`<div class="stack letter"><p><span class="mono">${letter.stream} ${count(letter.sequence)}</span>
        <span class="quiet">${timeAgo(letter.at)}, ${t.attempts(count(letter.attempts))}</span><br>${letter.reason}</p>
      ${this.shown?.id === letter.id ? html`<pre class="payload" tabindex="0" aria-label=${t.payload}>${this.shown.text}</pre>` : nothing}
      <span class="row"><button class="small" aria-expanded=${this.shown?.id === letter.id ? 'true' : 'false'}
          @click=${() => this.show(letter)}>${this.shown?.id === letter.id ? t.hideRecord : t.showRecord}</button>
        ${session.may('operator') ? html`<button class="small" ?disabled=${letter.replaying}
            @click=${() => this.act('POST', letter, '/replay')}>${letter.replaying ? t.replaying : t.sendAgain}</button>
          <button class="small" @click=${() => this.asking === letter.id ? this.act('DELETE', letter, '') : this.asking = letter.id}>
            ${this.asking === letter.id ? t.forgetForGood : t.forget}</button>` : nothing}</span></div>`;
  }

  path(letter = '') {
    return `/uplinks/${segment(this.uplink)}/dead-letters${letter && `/${segment(letter)}`}`;
  }

  async load() {
    await this.try(async () => {
      this.letters = (await api.get(this.path())).items;
    });
  }

  async show(letter) {
    if (this.shown?.id === letter.id) {
      this.shown = undefined;
      return;
    }
    await this.try(async () => {
      const payload = await api.get(this.path(letter.id));
      this.shown = {id: letter.id, text: payload.text === undefined ? payload.base64 : indented(payload.text)};
    });
  }

  async act(method, letter, what) {
    await this.try(async () => {
      await api.call(method, this.path(letter.id) + what, {});
      this.asking = undefined;
      await this.load();
    });
  }

  async try(what) {
    this.problem = '';
    try {
      await what();
    } catch (error) {
      this.problem = error.message;
    }
  }
}
customElements.define('dead-letters', DeadLetters);

/** JSON for people; whatever else it is stays as it is. */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
