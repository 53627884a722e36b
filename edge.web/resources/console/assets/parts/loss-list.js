// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {count} from '../format.js';
import {LoadedData} from './loaded-data.js';
import {timeAgo} from './time-ago.js';
import {t} from '../texts.js';

const HOURS = [24, 24 * 7, 24 * 31, 24 * 366];

/** What the loss ledger tells: which records do not arrive, where, and why. */
class LossList extends View {
  static topics = ['flow'];
  static properties = {hours: {state: true}};

  constructor() {
    super();
    this.hours = HOURS[0];
    this.losses = new LoadedData(this, this.path(), 30);
  }

  path() {
    return `/journal/losses?hours=${this.hours}`;
  }

  render() {
    return html`<section class="panel"><header><h2>${t.losses}</h2><span class="spacer"></span>
        <label class="row small">${t.lossesOf} <select @change=${this.choose}>${HOURS.map((hours) =>
          html`<option value=${hours} ?selected=${hours === this.hours}>${t.lossTimes[hours]}</option>`)}</select></label></header>
      ${this.losses.show((losses) => this.list(losses))}</section>`;
  }

  list({items, older, complete}) {
    if (!items.length) {
      return html`<p class="empty">${complete ? t.noLosses(t.lossTimes[this.hours]) : t.lossesIncomplete}</p>`;
    }
    return html`<table class="flow"><thead><tr><th>${t.time}</th><th>${t.stream}</th><th class="number">${t.recordsLost}</th>
        <th>${t.reason}</th><th>${t.concerns}</th></tr></thead><tbody>${items.map((loss) => html`<tr>
        <td class="shrink quiet">${timeAgo(loss.time)}</td>
        <td class="lead">${loss.stream}<span class="sub">${loss.epoch} ${this.range(loss)}</span></td>
        <td class="number" data-label=${t.recordsLost}>${loss.to < loss.from ? t.noValue : count(loss.to - loss.from + 1)}</td>
        <td class="full">${loss.revoked ? html`<span class="good">${t.lossRevoked}</span>` : t.lossReasons[loss.reason]}
          <span class="sub">${loss.detail}</span></td>
        <td>${loss.uplink ?? t.everybody}</td></tr>`)}</tbody></table>
      ${older || !complete ? html`<p class="body quiet small">${complete ? t.olderLosses(count(older)) : t.lossesIncomplete}</p>` : nothing}`;
  }

  range({from, to}) {
    return to < from ? t.fromOn(count(from)) : to === from ? count(from) : t.fromTo(count(from), count(to));
  }

  choose(event) {
    this.hours = Number(event.target.value);
    this.losses.ask(this.path());
  }
}
customElements.define('loss-list', LossList);
