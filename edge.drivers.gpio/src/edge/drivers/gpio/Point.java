// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Tag;
import java.util.ArrayList;
import java.util.List;

/**
 * One tag of a device.
 *
 * @param line place of its line in the configuration
 * @param rate whether it is the rate of a counter rather than the line's own value
 */
record Point(Tag tag, int line, boolean rate) {

    static List<Point> of(List<LineConfig> lines) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int line = i;
            points.add(new Point(lines.get(i).tag(), line, false));
            lines.get(i).rateTag().ifPresent(tag -> points.add(new Point(tag, line, true)));
        }
        return List.copyOf(points);
    }
}
