// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {ago, exact} from '../format.js';

/** A time as people say it, with the exact one on hover. */
export function timeAgo(time) {
  return html`<time datetime=${time} title=${exact(time)}>${ago(time)}</time>`;
}
