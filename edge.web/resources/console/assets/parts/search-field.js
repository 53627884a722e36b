// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {View} from '../view.js';
import {place} from '../place.js';
import {t} from '../texts.js';

/** The filter of a page: in its address as `q`, answered while typing. Tells `changed`. */
class SearchField extends View {
  static properties = {label: {type: String}};

  render() {
    return html`<input type="search" .value=${place.query('q')} placeholder=${this.label ?? t.filter}
      aria-label=${this.label ?? t.filter} spellcheck="false" autocapitalize="none" @input=${this.input}>`;
  }

  input(event) {
    place.filter('q', event.target.value);
    this.dispatchEvent(new CustomEvent('changed'));
  }
}
customElements.define('search-field', SearchField);
