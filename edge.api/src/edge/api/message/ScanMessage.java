// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import edge.api.access.Caller;
import edge.api.device.Reading;
import edge.api.gateway.Moment;
import java.util.List;

/**
 * The readings of one device and one scan that are to be published, still typed. JSON is made of it only where somebody
 * listens.
 *
 * @param device the device's name, which is also its stream's
 * @param at when the gateway got the readings
 * @param readings at least one, in the device's tag order
 */
public record ScanMessage(String device, Moment at, List<Reading> readings) implements Message {

    private static final Caller SCAN_ENGINE = Caller.system("scan-engine");

    public ScanMessage {
        readings = List.copyOf(readings);
    }

    @Override
    public Caller caller() {
        return SCAN_ENGINE;
    }

    @Override
    public String topic() {
        return Topics.ofDevice(device);
    }
}
