// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.api.trust.TrustPolicy;
import java.nio.file.Path;
import java.time.InstantSource;

/** Makes a {@link Trust} without a gateway around it. */
public final class TrustRig {

    private TrustRig() {
    }

    public static Trust off() {
        return of(Path.of("/nowhere"), TrustPolicy.OFF);
    }

    public static Trust of(Path folder, TrustPolicy policy) {
        return new Trust(folder, () -> InstantSource.system().instant().plusSeconds(60), policy);
    }
}
