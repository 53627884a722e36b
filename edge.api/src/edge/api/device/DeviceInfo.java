// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

/**
 * What a device is.
 *
 * @param name unique within the gateway, {@code [A-Za-z0-9_.-]{1,64}}; also the name of its stream and of its topic
 * @param driver symbolic name of the driver's bundle
 * @param address where it is, for people to read, for example {@code modbus-tcp://10.0.0.5:502 unit 1}; never a secret
 * @param description one line for people, may be empty
 */
public record DeviceInfo(String name, String driver, String address, String description) {

    public DeviceInfo {
        if (!Tag.isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is not a device name: 1 to 64 of A-Z a-z 0-9 _ . -");
        }
    }
}
