// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {api} from '../api.js';
import {session} from '../session.js';
import {t} from '../texts.js';

/**
 * Something that a page asks the REST API for: asks when the page appears and every few seconds while it is seen, keeps
 * the last answer while a later one fails, and tells what to show instead of it.
 */
export class LoadedData {
  constructor(host, path, seconds = 0) {
    this.host = host;
    this.path = path;
    this.seconds = seconds;
    host.addController(this);
  }

  hostConnected() {
    this.load();
    if (this.seconds) {
      this.timer = setInterval(() => document.hidden || !session.me || this.load(), this.seconds * 1000);
    }
  }

  hostDisconnected() {
    clearInterval(this.timer);
  }

  async load() {
    const path = this.path;
    try {
      const data = await api.get(path);
      if (path !== this.path) {
        return;
      }
      this.data = data;
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
    this.host.requestUpdate();
  }

  /** Something else from now on. */
  ask(path) {
    this.path = path;
    this.data = undefined;
    this.error = undefined;
    this.load();
  }

  /** What the data looks like, or its skeleton, or why there is none. */
  show(template) {
    if (this.data) {
      return template(this.data);
    }
    return this.error ? html`<div class="note bad" role="alert">${this.error.message}
        <span><button class="small" @click=${() => this.load()}>${t.retry}</button></span></div>`
      : html`<div class="skeleton" aria-label=${t.loading}><span></span><span></span><span></span><span></span></div>`;
  }
}
