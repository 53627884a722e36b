// SPDX-License-Identifier: Apache-2.0
import {html, svg} from 'lit';
import {View} from '../view.js';

const WIDTH = 128;
const HEIGHT = 20;
const PAD = 2;

/** A number's last minutes as a small line. A gap in the readings is a gap in the line. */
class TrendLine extends View {
  static properties = {points: {attribute: false}, version: {attribute: false}};

  render() {
    const numbers = this.points.map((point) => point[1]).filter((number) => number !== null);
    if (numbers.length < 2) {
      return html``;
    }
    const low = Math.min(...numbers);
    const high = Math.max(...numbers);
    const start = this.points[0][0];
    const length = Math.max(1, this.points[this.points.length - 1][0] - start);
    const lines = [[]];
    for (const [at, number] of this.points) {
      if (number === null) {
        lines.push([]);
      } else {
        const x = (at - start) / length * WIDTH;
        const y = high === low ? HEIGHT / 2 : HEIGHT - PAD - (number - low) / (high - low) * (HEIGHT - 2 * PAD);
        lines[lines.length - 1].push(`${x.toFixed(1)},${y.toFixed(1)}`);
      }
    }
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      ${lines.filter((line) => line.length > 1).map((line) => svg`<polyline points=${line.join(' ')}/>`)}</svg>`;
  }
}
customElements.define('trend-line', TrendLine);
