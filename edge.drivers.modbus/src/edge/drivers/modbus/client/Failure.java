// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.Quality;

/**
 * Why a request got no answer that counts.
 *
 * @param reason {@code TIMEOUT}, {@code NOT_CONNECTED}, {@code REJECTED}, {@code MALFORMED} or {@code PAUSED}
 * @param exceptionCode the code of the Modbus exception if REJECTED, else 0
 * @param text what happened, without a full stop; the connection's address is not in it
 */
public record Failure(Quality.Reason reason, int exceptionCode, String text) {

    static final Failure PAUSED = new Failure(Quality.Reason.PAUSED, 0, "the driver has stopped");

    static Failure of(Quality.Reason reason, String text) {
        return new Failure(reason, 0, text);
    }
}
