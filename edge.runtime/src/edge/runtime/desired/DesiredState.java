// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import java.time.Duration;

/** Lets the deployer bring configurations in before it starts what they configure. */
public interface DesiredState {

    /**
     * Looks at the files and the installed bundles now and puts in force what is new. Waits for it, and up to a second for
     * files that are just being written.
     *
     * @return false if not all is in force after {@code limit}, or a file is still being written; it then goes on by itself
     */
    boolean settle(Duration limit);
}
