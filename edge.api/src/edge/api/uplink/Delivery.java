// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

/**
 * What the target said to one message.
 *
 * @param accepted true: it has it, durably as far as its protocol can tell; false: it will never take this one
 * @param reason why not; empty if accepted
 */
public record Delivery(boolean accepted, String reason) {

    public static final Delivery ACCEPTED = new Delivery(true, "");

    public static Delivery rejected(String reason) {
        return new Delivery(false, reason);
    }
}
