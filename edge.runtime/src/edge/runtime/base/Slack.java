// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import java.time.Duration;

/** Tells when the whole process can stand still, as it does for a collection of the heap. */
@FunctionalInterface
public interface Slack {

    /** For how long it may stand still from this moment on without a device missing a scan. Returns at once, on any thread. */
    Duration slack();
}
