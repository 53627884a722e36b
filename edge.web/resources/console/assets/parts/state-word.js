// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {mark} from '../icons.js';

/** A state as a shape and a word. `state` is ok, warn, critical, bad or calm. */
export function stateWord(state, word, title) {
  return html`<span class="state ${state}" title=${title ?? ''}>${mark(state)}<span>${word}</span></span>`;
}
