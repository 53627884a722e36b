// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.polled;

import edge.api.device.Tag;
import edge.api.value.Value;
import java.io.IOException;

/**
 * One tag of a polled device. Called on the device's thread.
 *
 * @param <B> what it is reached through
 */
public interface Cell<B> {

    Tag tag();

    /** @throws IOException one sentence: what is wrong and what to do */
    Value read(B bus) throws IOException;

    /**
     * Writes a value.
     *
     * @throws IOException one sentence: what is wrong and what to do
     * @throws IllegalArgumentException if the value does not fit; the message completes "the tag …"
     */
    void write(B bus, Value value) throws IOException;
}
