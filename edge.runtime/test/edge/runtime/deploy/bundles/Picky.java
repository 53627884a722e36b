// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy.bundles;

import java.util.Map;

/** A component that fails if it is told to. */
public final class Picky {

    public Picky(Map<String, Object> properties) {
        if (properties.get("fail") != null) {
            throw new IllegalArgumentException("cannot work with fail=" + properties.get("fail"));
        }
    }
}
