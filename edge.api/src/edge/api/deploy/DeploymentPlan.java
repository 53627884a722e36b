// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.util.List;

/**
 * What a change would do.
 *
 * @param change the change
 * @param effects what will happen, one sentence each
 * @param problems why it cannot be carried out, one sentence each, with what to do; empty if it can
 */
public record DeploymentPlan(Change change, List<String> effects, List<String> problems) {

    public boolean isPossible() {
        return problems.isEmpty();
    }
}
