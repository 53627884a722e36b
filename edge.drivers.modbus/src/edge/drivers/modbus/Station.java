// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.Quality;
import edge.drivers.modbus.client.Endpoint;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.codec.FunctionCode;
import edge.drivers.modbus.codec.Request;
import java.time.Duration;

/**
 * Where a device is and how people call its addresses.
 *
 * @param device the device's name
 * @param addressBase what the first address of a table is called
 * @param timeout how long to wait for an answer
 */
record Station(String device, Endpoint endpoint, int unit, int addressBase, Duration timeout) {

    /** Where it is, for people. */
    String address() {
        return endpoint.describe() + " unit " + unit;
    }

    /** Whether nobody answers, because every unit is meant. */
    boolean isBroadcast() {
        return unit == 0 && endpoint.hasBroadcast();
    }

    /** A failed request as quality: which device, where, which addresses, and what happened. */
    Quality quality(Request request, Failure failure) {
        return Quality.bad(failure.reason(), describe(request, failure.text()));
    }

    String describe(Request request, String text) {
        if (request.function() == FunctionCode.READ_DEVICE_IDENTIFICATION) {
            return device + " (" + address() + "), identification: " + text;
        }
        int first = request.address() + addressBase;
        String range = request.quantity() == 1 ? "" : "-" + (first + request.quantity() - 1);
        return device + " (" + address() + "), " + request.function().table().label() + " " + first + range + ": " + text;
    }
}
