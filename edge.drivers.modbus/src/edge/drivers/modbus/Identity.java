// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.Identification;
import edge.drivers.modbus.codec.Request;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a device tells about itself. It is asked once, when it has answered something else, and not again if it refuses or is
 * silent: many devices do not know the function.
 */
final class Identity implements ResponseHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);
    /** The standard's objects are few; whoever goes on and on is stopped. */
    private static final int MAX_REQUESTS = 8;
    private static final int REGULAR = 2;
    private static final int BASIC = 1;

    private final Station station;
    private final Link link;
    private boolean asked; // line's thread
    private int requests;
    private int category = REGULAR;
    private final Map<String, String> gathered = new TreeMap<>();
    private volatile Map<String, String> texts = Map.of();

    Identity(Station station, Link link) {
        this.station = station;
        this.link = link;
    }

    /** By name: {@code vendor}, {@code product}, {@code revision}, ... Empty if the device does not tell. */
    Map<String, String> texts() {
        return texts;
    }

    /** The device answers. On the line's thread. */
    void deviceAnswers() {
        if (!asked) {
            asked = true;
            ask(0);
        }
    }

    private void ask(int object) {
        requests++;
        link.submit(Request.identification(station.unit(), category, object), station.timeout(), this);
    }

    @Override
    public void answered(Request request, ByteBuffer data, int start) {
        int next = Identification.read(data, start, gathered);
        texts = Map.copyOf(gathered);
        if (next > 0 && requests < MAX_REQUESTS) {
            ask(next);
        }
    }

    @Override
    public void failed(Request request, Failure failure) {
        LOG.debug("{}", station.describe(request, failure.text()));
        if (failure.exceptionCode() != 0 && category == REGULAR && gathered.isEmpty() && requests < MAX_REQUESTS) {
            category = BASIC;
            ask(0);
        }
    }
}
