// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import java.time.Duration;

/** Lets the deployer bring configurations in before it starts what they configure. */
public interface DesiredState {

    /**
     * Looks at the files and the installed bundles now and puts in force what is new. Waits for it.
     *
     * @return false if that took longer than {@code limit}; it then goes on by itself
     */
    boolean settle(Duration limit);
}
