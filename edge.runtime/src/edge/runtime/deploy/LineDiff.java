// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The difference of two texts, line by line. */
final class LineDiff {
    /** Beyond this a text is told as replaced: the table would grow with the square. */
    private static final int MOST = 2_000;

    private LineDiff() {
    }

    /** Each element is a line behind {@code "+ "}, {@code "- "} or {@code "  "}. */
    static List<String> of(String before, String after) {
        List<String> from = before.lines().toList();
        List<String> to = after.lines().toList();
        List<String> result = new ArrayList<>();
        if (from.size() > MOST || to.size() > MOST) {
            from.forEach(line -> result.add("- " + line));
            to.forEach(line -> result.add("+ " + line));
            return result;
        }
        int[][] common = new int[from.size() + 1][to.size() + 1];
        for (int i = 1; i <= from.size(); i++) {
            for (int j = 1; j <= to.size(); j++) {
                common[i][j] = from.get(i - 1).equals(to.get(j - 1)) ? common[i - 1][j - 1] + 1
                    : Math.max(common[i - 1][j], common[i][j - 1]);
            }
        }
        int i = from.size();
        int j = to.size();
        while (i > 0 || j > 0) {
            if (i > 0 && j > 0 && from.get(i - 1).equals(to.get(j - 1))) {
                result.add("  " + from.get(--i));
                j--;
            } else if (j > 0 && (i == 0 || common[i][j - 1] >= common[i - 1][j])) {
                result.add("+ " + to.get(--j));
            } else {
                result.add("- " + from.get(--i));
            }
        }
        Collections.reverse(result);
        return result;
    }
}
