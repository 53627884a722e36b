// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

/** Why a write to a device failed. Bad reads are data ({@link Quality}), not exceptions. */
public class DeviceException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Quality.Reason reason;

    /**
     * @param reason for machines
     * @param message one sentence that names the device, the tag and what was wrong
     */
    public DeviceException(Quality.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Quality.Reason reason() {
        return reason;
    }
}
