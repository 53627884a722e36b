// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A prepared read of a fixed list of tags. The driver has planned its requests already.
 *
 * <p>The scan engine never calls {@link #run()} again before the last run has completed.
 */
@ConsumerType
public interface Scan {

    /**
     * Reads all tags once. Returns at once.
     *
     * @return completes, on a thread of the driver, with exactly one reading for each tag of the list, in its order. A tag
     *     that cannot be read gives a BAD reading with its reason: it neither fails its neighbours nor the stage. Completes
     *     within the device's own time-outs, whatever the device does.
     */
    CompletionStage<List<Reading>> run();
}
