// SPDX-License-Identifier: Apache-2.0
import {LitElement} from 'lit';
import {live} from './live.js';

/**
 * What all components share: they render into the page itself, so that one style sheet, the browser's search and its
 * accessibility tree see everything; and they render again when a topic of the live stream that they name changes.
 */
export class View extends LitElement {
  /** Names of live topics. */
  static topics = [];

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.forget = live.subscribe(this.constructor.topics, () => this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.forget();
  }
}
