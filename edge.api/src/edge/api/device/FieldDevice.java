// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.value.Value;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One configured piece of field equipment. A driver registers one service of this type for each of its configurations, as
 * soon as the configuration is valid: whether the equipment answers is a matter of {@link #link()} and of quality.
 *
 * <p>Every method returns at once and may be called on any thread. When the service is unregistered the driver ends its
 * connections, completes what is outstanding with {@link Quality.Reason#PAUSED}, and leaves no thread behind.
 */
@ConsumerType
public interface FieldDevice {

    DeviceInfo info();

    /** The tags, fixed for the life of the service. Names are unique. */
    List<Tag> tags();

    /** The state of the link, as last seen. */
    LinkState link();

    /**
     * Plans the reading of some tags. Called once for each group of tags that share a period, not at each scan.
     *
     * @param tags some of {@link #tags()} with a period other than zero
     * @throws IllegalArgumentException if one of them is none of this device's
     */
    Scan prepare(List<Tag> tags);

    /**
     * Writes one value. Permission, rate and range have been checked; the type of the value fits the tag.
     *
     * @return completes, on any thread and in bounded time, when the device has confirmed; fails with a {@link DeviceException},
     *     also if the value does not fit the tag after all
     */
    CompletionStage<Void> write(Tag tag, Value value);

    /**
     * Starts reporting tags that report by themselves, such as the edges of an input. Tags with a scan period are not
     * reported here.
     *
     * @param listener gets the readings that belong together; must not block; called on one thread of the driver, in order
     * @return ends the reporting when closed; closing twice does no harm
     */
    default Observation observe(Consumer<List<Reading>> listener) {
        return () -> { };
    }

    /** What the driver knows about the device beyond its tags, as of now. Any thread, as often as somebody looks. */
    default List<DeviceFact> facts() {
        return List.of();
    }

    /** Ends an observation. */
    @FunctionalInterface
    interface Observation extends AutoCloseable {
        @Override
        void close();
    }
}
