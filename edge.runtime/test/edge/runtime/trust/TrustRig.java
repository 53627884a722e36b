// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.api.deploy.Deployer;
import edge.api.health.Events;
import edge.api.trust.TrustPolicy;
import edge.runtime.generation.GenerationStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Makes a {@link Trust} without a gateway around it. */
public final class TrustRig {

    private TrustRig() {
    }

    public static Trust off() {
        return of(Path.of("/nowhere"), TrustPolicy.OFF);
    }

    public static Trust of(Path folder, TrustPolicy policy) {
        return of(folder, policy, false);
    }

    public static Trust of(Path folder, TrustPolicy policy, boolean stopsRevoked) {
        return new Trust(folder, () -> InstantSource.system().instant().plusSeconds(60), policy, stopsRevoked);
    }

    /** Looks often. */
    public static TrustWatch watch(Trust trust, GenerationStore generations, Deployer deployer, Events events) {
        return new TrustWatch(trust, generations, deployer, events, Duration.ofMillis(100));
    }
}
