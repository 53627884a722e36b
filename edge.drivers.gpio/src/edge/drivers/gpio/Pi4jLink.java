// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import java.util.List;

/** A Pi4J context and the providers that are registered with it. */
interface Pi4jLink {

    Context context();

    DigitalInputProvider inputs(LineConfig line);

    DigitalOutputProvider outputs(LineConfig line);

    /** Pi4J's address of the line. */
    int address(LineConfig line);

    /** See {@link Head#isExact()}. */
    default boolean isExact() {
        return false;
    }

    /** Gives the lines of one head back, and ends the context if nobody else uses it. */
    void release(List<PiHead.Claimed> lines);
}
