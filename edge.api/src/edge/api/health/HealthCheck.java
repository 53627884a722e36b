// SPDX-License-Identifier: Apache-2.0
package edge.api.health;

import org.osgi.annotation.versioning.ConsumerType;

/** Tells how one part of the gateway is. Registered as a service by every room. */
@ConsumerType
public interface HealthCheck {

    /** What is checked, for people: {@code broker}, {@code journal}, {@code device boiler-1}. */
    String subject();

    /** Returns at once, from what is known: never asks a disk or a network. Any thread. */
    HealthReport check();
}
