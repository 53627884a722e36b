// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import java.io.IOException;
import java.nio.file.Path;

/** A running gateway. */
interface Target {

    /** Gives the gateway a configuration, unless it has that one already. */
    void configure(String pid, String text) throws IOException, InterruptedException, StopException;

    /**
     * Deploys a jar and waits for what becomes of it.
     *
     * @return what became of it, to go behind "built in 80 ms, "
     */
    String deploy(Path jar) throws IOException, InterruptedException, StopException;
}
