// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.time.Instant;
import java.util.List;

/**
 * A set of bundles and configurations that was in force and is kept.
 *
 * @param number counts up from 1
 * @param time when it was made, UTC
 * @param caller who made it
 * @param summary what made it
 * @param why what for; may be empty
 * @param current whether it is the one in force
 * @param proven whether it has been in force for a while in a gateway that lived: a crash loop falls back to such a one
 * @param bundles the deployed bundles: those of the product image are not in it
 * @param stopped symbolic names of the bundles that do not run by somebody's wish
 * @param configurations PIDs of its configurations
 */
public record Generation(long number, Instant time, String caller, String summary, String why, boolean current,
                         boolean proven, List<DeployedBundle> bundles, List<String> stopped, List<String> configurations) {

    /**
     * @param sha256 of the jar, in hexadecimal
     * @param source where it came from
     */
    public record DeployedBundle(String symbolicName, String version, String sha256, String source) {
    }
}
