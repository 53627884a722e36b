// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';

/** A share of something as a filled length. `value` from 0 to 1. Without a label it only repeats what stands beside it. */
class MeterBar extends View {
  static properties = {value: {type: Number}, label: {type: String}};

  render() {
    const share = Math.max(0, Math.min(1, this.value || 0));
    return html`<span class="track" role=${this.label ? 'img' : 'presentation'} aria-label=${this.label ?? nothing}>
      <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width=${share * 100} height="1"/></svg>
    </span>`;
  }
}
customElements.define('meter-bar', MeterBar);
