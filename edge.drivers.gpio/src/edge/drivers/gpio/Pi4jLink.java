// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import java.util.List;
import java.util.function.Consumer;

/**
 * A Pi4J context and the two providers that are registered with it.
 *
 * @param release gives the lines of one head back, and ends the context if nobody else uses it
 */
record Pi4jLink(Context context, DigitalInputProvider inputs, DigitalOutputProvider outputs,
                Consumer<List<PiHead.Claimed>> release) {
}
