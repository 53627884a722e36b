// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.List;

/**
 * Where messages of one topic go.
 *
 * @param matches sessions that subscribe by themselves
 * @param groups sessions that share a subscription
 * @param stored whether a session that outlives the process wants them at QoS 1 or 2: then a message of QoS 1 or 2 must be in the
 *     journal before it is acknowledged, and such sessions get it from there
 */
public record Route(List<Match> matches, List<ShareGroup> groups, boolean stored) {

    static final Route NOWHERE = new Route(List.of(), List.of(), false);

    boolean isEmpty() {
        return matches.isEmpty() && groups.isEmpty();
    }
}
