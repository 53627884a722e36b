// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {t} from '../texts.js';

const MOST = 8;
const PAUSE = 150;

/** A search over everything that has a page: opened with / or the button, answered while typing, closed with Escape. */
class SearchEverything extends View {
  static properties = {text: {state: true}, tags: {state: true}, configurations: {state: true}, open: {state: true}};

  constructor() {
    super();
    this.text = '';
    this.tags = [];
    this.configurations = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.keyed = (event) => {
      const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        this.show();
      }
    };
    this.asked = () => this.show();
    document.addEventListener('keydown', this.keyed);
    document.addEventListener('search', this.asked);
    this.end = place.subscribe(() => this.close());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.keyed);
    document.removeEventListener('search', this.asked);
    this.end();
  }

  async show() {
    this.open = true;
    this.text = '';
    this.tags = [];
    await this.updateComplete;
    const dialog = this.querySelector('dialog');
    if (!dialog.open) {
      dialog.showModal();
    }
    api.get('/configurations').then((answer) => this.configurations = answer.items, () => {});
  }

  close() {
    this.querySelector('dialog')?.close();
  }

  render() {
    if (!this.open) {
      return nothing;
    }
    const groups = this.text.trim() ? this.groups() : [];
    return html`<dialog aria-label=${t.search} @close=${() => this.open = false} @click=${this.clicked} @keydown=${this.key}>
      <input type="search" placeholder=${t.searchAll} aria-label=${t.searchAll} .value=${this.text} spellcheck="false"
        autocapitalize="none" autofocus @input=${this.input}>
      ${groups.map(([title, items]) => html`<section><h3 class="small quiet">${title}</h3><ul>${items.map(([name, path, more]) =>
        html`<li><a href=${path}>${name}${more ? html` <span class="quiet small">${more}</span>` : nothing}</a></li>`)}</ul></section>`)}
      ${this.text.trim() && !groups.some(([title]) => title !== t.pages.log) ? html`<p class="quiet">${t.nothingFound}</p>` : nothing}
    </dialog>`;
  }

  groups() {
    const wanted = this.text.trim().toLowerCase();
    const has = (...texts) => texts.join(' ').toLowerCase().includes(wanted);
    const groups = [
      [t.pages.devices, [...live.state.devices?.values() ?? []].filter((device) => has(device.name, device.address, device.description))
        .map((device) => [device.name, `/devices/${segment(device.name)}`, device.description])],
      [t.tagsColumn, this.tags.map((tag) => [`${tag.device} / ${tag.name}`,
        `/devices/${segment(tag.device)}?q=${segment(tag.name)}`, tag.unit])],
      [t.pages.bundles, (live.state.bundles ?? []).filter((bundle) => has(bundle.name, bundle.title))
        .map((bundle) => [bundle.name, `/bundles?q=${segment(bundle.name)}${bundle.origin === 'system' ? '&system=1' : ''}`, bundle.version])],
      [t.pages.configuration, this.configurations.filter((file) => has(file.pid))
        .map((file) => [file.pid, `/configuration/${segment(file.pid)}`])],
      [t.pagesTitle, Object.entries(t.pages).filter(([, title]) => has(title))
        .map(([name, title]) => [title, name === 'overview' ? '/' : `/${name}`])],
      [t.pages.log, [[t.searchLogFor(this.text.trim()), `/log?q=${segment(this.text.trim())}`]]],
    ];
    return groups.filter(([, items]) => items.length).map(([title, items]) => [title, items.slice(0, MOST)]);
  }

  input(event) {
    this.text = event.target.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const text = this.text.trim();
      const found = text ? await api.get(`/tags?limit=${MOST}&match=${segment(text)}`).catch(() => ({items: []})) : {items: []};
      if (text === this.text.trim()) {
        this.tags = found.items;
      }
    }, PAUSE);
  }

  key(event) {
    const stops = [...this.querySelectorAll('input, a')];
    const at = stops.indexOf(document.activeElement);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))].focus();
    } else if (event.key === 'Enter' && at === 0) {
      stops[1]?.click();
    }
  }

  clicked(event) {
    if (event.target === this.querySelector('dialog') || event.target.closest('a')) {
      this.close();
    }
  }
}
customElements.define('search-everything', SearchEverything);
