// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {exact} from '../format.js';
import {t} from '../texts.js';
import '../parts/search-field.js';

const LEVELS = ['debug', 'info', 'warn', 'error'];
const SHOWN = 1000;
const time = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit',
  fractionalSecondDigits: 3, hourCycle: 'h23'});

/** The newest lines of the log, by level and text; follows the end until one scrolls away from it. */
class PageLog extends View {
  static topics = ['log'];
  static properties = {follow: {state: true}};

  constructor() {
    super();
    this.follow = true;
  }

  connectedCallback() {
    super.connectedCallback();
    live.watch({log: this.level()});
  }

  level() {
    const level = place.query('level');
    return LEVELS.includes(level) ? level : 'info';
  }

  render() {
    const level = this.level();
    const wanted = place.query('q').toLowerCase();
    const least = LEVELS.indexOf(level);
    const lines = live.state.log.filter((line) => LEVELS.indexOf(line.level) >= least && (!wanted || `${line.text} ${line.logger} ${line.trace ?? ''}`.toLowerCase().includes(wanted))).slice(-SHOWN);
    return html`<div class="page-head"><h1>${t.pages.log}</h1>
        <div class="segments" role="group" aria-label=${t.level}>${LEVELS.map((name) => html`<button
          aria-pressed=${name === level ? 'true' : 'false'} @click=${() => this.choose(name)}>${t.levels[name]}</button>`)}</div>
        <label class="row"><input type="checkbox" .checked=${this.follow} @change=${(event) => this.follow = event.target.checked}>${t.follow}</label>
        <span class="spacer"></span>
        <search-field class="search" label=${t.filterLog} @changed=${() => this.requestUpdate()}></search-field></div>
      <div class="panel log" role="log" tabindex="0" @wheel=${this.scrolled} @touchmove=${this.scrolled} @keyup=${this.scrolled}>
        ${lines.length ? repeat(lines, (line) => line.number, (line) => html`<div class="entry at-${line.level}">
          <time datetime=${line.time} title=${exact(line.time)}>${time.format(new Date(line.time))}</time>
          <span class="level">${t.levels[line.level]}</span>
          <span class="what"><span class="logger" title=${line.logger}>${line.logger.split('.').pop()}</span> ${line.text}
          ${line.trace ? html`<details><summary class="small">${t.details}</summary><pre>${line.trace}</pre></details>` : nothing}</span></div>`)
        : html`<p class="empty">${wanted ? t.nothingMatches(place.query('q')) : t.noLines}</p>`}</div>`;
  }

  updated() {
    if (this.follow) {
      const log = this.querySelector('.log');
      log.scrollTop = log.scrollHeight;
    }
  }

  scrolled() {
    const log = this.querySelector('.log');
    this.follow = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  }

  choose(level) {
    place.filter('level', level === 'info' ? '' : level);
    live.watch({log: level});
    this.requestUpdate();
  }
}
customElements.define('page-log', PageLog);

export const page = () => html`<page-log></page-log>`;
